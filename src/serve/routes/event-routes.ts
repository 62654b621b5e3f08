import type { Context, Hono } from 'hono';
import { stream } from 'hono/streaming';
import { lastEventId, streamVideo } from '../events/stream-video.ts';
import { ApiError } from '../http/api-error.ts';
import { streamHolder } from '../limits/open-streams.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { findVideo } from '../videos/find-video.ts';
import type { TenantVideo } from '../videos/video-object.ts';

const eventHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx collects a response before it sends it, unless told not to.
  'x-accel-buffering': 'no',
};

/** The stream of a video's changes, as server-sent events. */
export function eventRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  const find = findOnce(ports);
  app.get('/v1/videos/:id/events', async (context) => {
    const tenant = context.get('tenant');
    const id = context.req.param('id');
    const video = await find(tenant, id);
    // 204 makes a browser stop, which connects again after every end of a stream.
    if (context.req.header('last-event-id') === lastEventId) return context.body(null, 204);
    // Hono answers HEAD from this route and drops the body: the stream would never end.
    if (context.req.raw.method === 'HEAD') return context.body(null, 200, eventHeaders);
    const close = ports.streams.open(streamHolder(tenant));
    if (!close) throw tooMany();
    return sendEvents(context, ports, async (sink) => {
      try {
        await streamVideo(ports, { tenant, id, video }, sink);
      } finally {
        close();
      }
    });
  });
}

/** Viewers that come at the same moment share one read, as they share the watch afterwards. */
function findOnce(ports: ServePorts): (tenant: Tenant, id: string) => Promise<TenantVideo> {
  const reading = new Map<string, Promise<TenantVideo>>();
  return (tenant, id) => {
    const name = `${tenant.name}/${id}`;
    const found =
      reading.get(name) ?? findVideo(ports, tenant, id).finally(() => reading.delete(name));
    reading.set(name, found);
    return found;
  };
}

type Sink = Parameters<typeof streamVideo>[2];

function sendEvents(
  context: Context<ServeEnv>,
  { closing, links }: ServePorts,
  run: (sink: Sink) => Promise<void>,
): Response {
  for (const [name, value] of Object.entries(eventHeaders)) context.header(name, value);
  const { keyId } = context.get('tenant');
  return stream(context, async (out) => {
    const gone = new AbortController();
    out.onAbort(() => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing]);
    await run({
      signal,
      write: async (text) => {
        // The key may have been revoked since the stream was opened.
        if (await links.isActive(keyId)) await out.write(text);
        else gone.abort();
      },
    });
    if (closing.aborted) await out.write(': the server stops; connect again\n\n');
  });
}

function tooMany(): ApiError {
  const message = 'Too many event streams are open with this API key; close one';
  return new ApiError(429, 'rate_limit_exceeded', { message, retryAfterSeconds: 5 });
}
