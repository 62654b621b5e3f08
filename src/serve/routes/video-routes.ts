import type { Context, Hono } from 'hono';
import { ApiError } from '../http/api-error.ts';
import { maxWaitSeconds, wholeNumber } from '../http/headers.ts';
import { contentLink } from '../links/content-link.ts';
import { maxLinkSeconds } from '../links/signed-link.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { deleteVideo } from '../videos/act-on-video.ts';
import { findVideo, workflowIdOf } from '../videos/find-video.ts';
import { generationStatus } from '../videos/generations-object.ts';
import { listObject, listVideos } from '../videos/list-videos.ts';
import { hasEnded, videoObject, type TenantVideo } from '../videos/video-object.ts';

/** When OpenAI's clients poll next. They read it once and keep it, so it is short. */
const pollAfterMs = 5_000;
const listLimits = { min: 1, max: 100, otherwise: 20 };

/** Routes that read videos and delete them. */
export function videoRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  app.get('/v1/videos', async (context) => {
    const order = orderOf(context.req.query('order'));
    const after = context.req.query('after');
    const limit = wholeNumber(context.req, 'limit', listLimits);
    const page = await listVideos(ports, context.get('tenant'), {
      ...(after !== undefined && { after }),
      limit,
      order,
    });
    const rule = await ports.retention();
    const videos = page.videos.map((video) => videoObject(video, rule));
    return context.json(listObject(videos, page.hasMore));
  });
  app.get('/v1/videos/:id', async (context) => {
    const video = await readVideo(context, ports);
    context.header('openai-poll-after-ms', String(pollAfterMs));
    return context.json(videoObject(video, await ports.retention()));
  });
  app.get('/v1/video/generations/:id', async (context) =>
    context.json(await readGeneration(context, ports)),
  );
  app.delete('/v1/videos/:id', async (context) => {
    const id = context.req.param('id');
    await deleteVideo(ports, context.get('tenant'), id);
    return context.json({ id, object: 'video.deleted', deleted: true });
  });
}

/** With `?wait=N`, answers when the video has ended or the server stops, at the latest after N seconds. */
async function readVideo(context: Context<ServeEnv>, ports: ServePorts): Promise<TenantVideo> {
  const tenant = context.get('tenant');
  const id = context.req.param('id') ?? '';
  const wait = wholeNumber(context.req, 'wait', { min: 0, max: maxWaitSeconds, otherwise: 0 });
  const video = await findVideo(ports, tenant, id);
  if (wait === 0 || hasEnded(video.status)) return video;
  const signal = AbortSignal.any([context.req.raw.signal, ports.closing]);
  const options = { timeoutMs: wait * 1_000, signal, untilClosed: true };
  await ports.videos.wait(workflowIdOf(tenant, id), options).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return findVideo(ports, tenant, id);
}

/** new-api answers 400 for an unknown task. */
async function readGeneration(context: Context<ServeEnv>, ports: ServePorts) {
  const tenant = context.get('tenant');
  const videoId = context.req.param('id') ?? '';
  try {
    const video = await findVideo(ports, tenant, videoId);
    const link = { videoId, tenant, expiresInSeconds: maxLinkSeconds };
    const url = video.status.video ? contentLink(context.req, ports, link).url : '';
    return generationStatus(video, url);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    throw new ApiError(400, 'task_not_exist', { message: error.message });
  }
}

function orderOf(text = 'desc'): 'asc' | 'desc' {
  if (text === 'asc' || text === 'desc') return text;
  const message = 'Invalid "order": it must be asc or desc';
  throw new ApiError(400, 'invalid_request', { message, param: 'order' });
}
