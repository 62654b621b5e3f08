import type { Hono } from 'hono';
import { z } from 'zod';
import { serveFile } from '../content/serve-file.ts';
import { ApiError } from '../http/api-error.ts';
import { parseBody } from '../http/parse-body.ts';
import { contentLink, defaultLinkSeconds } from '../links/content-link.ts';
import { maxLinkSeconds } from '../links/signed-link.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { videoContent } from '../videos/video-content.ts';

/** Body of a request for a signed link. `expires_in` is in seconds. */
export const linkBody = z.strictObject({
  expires_in: z.int().min(1).max(maxLinkSeconds).default(defaultLinkSeconds),
});

/** The file of a video, and signed links to it. Hono answers HEAD from the route of GET. */
export function contentRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  app.get('/v1/videos/:id/content', async (context) => {
    demandVariant(context.req.query('variant'));
    const content = await videoContent(ports, context.get('tenant'), context.req.param('id'));
    const onBroken = (error: unknown) => ports.onError(error, context.get('requestId'));
    const contents = ports.contents ?? ports.storage;
    return serveFile(context.req.raw, contents, { ...content, onBroken });
  });
  app.post('/v1/videos/:id/link', async (context) => {
    const { expires_in: expiresInSeconds } = await parseBody(context.req, linkBody);
    const videoId = context.req.param('id');
    const tenant = context.get('tenant');
    await videoContent(ports, tenant, videoId);
    context.header('cache-control', 'no-store');
    return context.json(contentLink(context.req, ports, { videoId, tenant, expiresInSeconds }));
  });
}

/** OpenAI also has thumbnails and sprite sheets. */
function demandVariant(variant = 'video'): void {
  if (variant === 'video') return;
  const message = `Unknown variant "${variant.slice(0, 50)}": only "video" is stored`;
  throw new ApiError(400, 'invalid_request', { message, param: 'variant' });
}
