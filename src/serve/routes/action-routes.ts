import type { Hono } from 'hono';
import { z } from 'zod';
import { parseBody } from '../http/parse-body.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { cancelVideo, resolveVideo } from '../videos/act-on-video.ts';
import { videoObject } from '../videos/video-object.ts';

/** Body of a cancellation. */
export const cancelBody = z.strictObject({ keep: z.boolean().default(false) });

/** Body of a decision about a submit with an unknown outcome. */
export const resolveBody = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('adopt'), job_id: z.string().min(1) }),
  z.strictObject({ action: z.literal('resubmit') }),
  z.strictObject({ action: z.literal('abandon') }),
]);

/** Our own routes that act on a video. */
export function actionRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  app.post('/v1/videos/:id/cancel', async (context) => {
    const { keep } = await parseBody(context.req, cancelBody);
    const id = context.req.param('id');
    const video = await cancelVideo(ports, context.get('tenant'), { id, keep });
    return context.json(videoObject(video, await ports.retention()));
  });
  app.post('/v1/videos/:id/resolve', async (context) => {
    const given = await parseBody(context.req, resolveBody);
    const decision =
      given.action === 'adopt' ? { action: given.action, jobId: given.job_id } : given;
    const id = context.req.param('id');
    const video = await resolveVideo(ports, context.get('tenant'), { id, decision });
    return context.json(videoObject(video, await ports.retention()));
  });
}
