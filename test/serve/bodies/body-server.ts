import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import {
  readCreateBody,
  type CreateBody,
  type ReadBodyOptions,
} from '../../../src/serve/bodies/read-create-body.ts';
import { ApiError } from '../../../src/serve/http/api-error.ts';
import type { VideoStorage } from '../../../src/storage/video-storage.ts';

/** How the server has read one body. */
export type Outcome = { read: CreateBody } | { error: unknown };

export interface BodyServer {
  url: string;
  /** In the order in which they ended. */
  outcomes: Outcome[];
}

/** A Node server whose only route reads a body and returns the request. It ends with the test. */
export async function bodyServer(
  storage: VideoStorage,
  options: Pick<ReadBodyOptions, 'idleMs'> = {},
): Promise<BodyServer> {
  const outcomes: Outcome[] = [];
  const app = new Hono();
  app.post('/v1/videos', async (context) => {
    try {
      const given = { format: 'videos', storage, ...options } as const;
      const read = await readCreateBody(context.req.raw, given);
      outcomes.push({ read });
      return context.json({ id: 'video_1', object: 'video', ...read });
    } catch (error) {
      outcomes.push({ error });
      const { status, code, message } =
        error instanceof ApiError
          ? error
          : { status: 500, code: 'server_error', message: String(error) };
      return Response.json({ error: { code, message } }, { status });
    }
  });
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(started),
    );
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1/videos`, outcomes };
}
