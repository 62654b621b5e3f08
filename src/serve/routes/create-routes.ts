import type { Context, Hono } from 'hono';
import type { VideoFormat } from '../../contract/video-request.ts';
import { readCreateBody } from '../bodies/read-create-body.ts';
import { idempotencyKey, preferredWait, retryCount } from '../http/headers.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { createVideo } from '../videos/create-video.ts';
import { createdGeneration } from '../videos/generations-object.ts';
import { videoObject, type TenantVideo } from '../videos/video-object.ts';

/** The routes that may spend: one per shape. */
export function createRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  app.post('/v1/videos', async (context) =>
    context.json(videoObject(await create(context, ports, 'videos'), await ports.retention())),
  );
  app.post('/v1/video/generations', async (context) =>
    context.json(createdGeneration(await create(context, ports, 'generations'))),
  );
}

async function create(
  context: Context<ServeEnv>,
  ports: ServePorts,
  format: VideoFormat,
): Promise<TenantVideo> {
  const key = idempotencyKey(context.req);
  const wait = preferredWait(context.req);
  const { storage } = ports;
  const { request, onetake } = await readCreateBody(context.req.raw, { format, storage });
  const video = await createVideo(ports, context.get('tenant'), {
    request,
    options: {
      ...(key !== undefined && { key }),
      retryCount: retryCount(context.req),
      receivedAt: context.get('receivedAt'),
      waitMs: (wait ?? 0) * 1_000,
      tags: onetake.tags ?? [],
      ...(onetake.priority && { priority: onetake.priority }),
    },
  });
  if (video.outcome) context.set('outcome', video.outcome);
  if (wait !== null) context.header('preference-applied', `wait=${wait}`);
  return video;
}
