import type { Hono } from 'hono';
import { ApiError } from '../http/api-error.ts';
import type { ServeEnv } from '../ports.ts';

const createInstead =
  'create a new video with POST /v1/videos; GET /v1/models says which models read videos and images';
const sendInstead =
  'send images of the character with each POST /v1/videos; GET /v1/models says how many a model reads';

/** Routes of OpenAI that no gateway of this shape has, and what to do instead. */
const unsupported = [
  ['POST', '/v1/videos/:id/remix', `Videos cannot be remixed: ${createInstead}`],
  ['POST', '/v1/videos/edits', `Videos cannot be edited: ${createInstead}`],
  ['POST', '/v1/videos/extensions', `Videos cannot be extended: ${createInstead}`],
  ['POST', '/v1/videos/characters', `Characters cannot be stored: ${sendInstead}`],
  ['GET', '/v1/videos/characters/:character', `Characters cannot be stored: ${sendInstead}`],
] as const;

/** Refuses what is not supported. Nothing is read and nothing is started. */
export function unsupportedRoutes(app: Hono<ServeEnv>): void {
  for (const [method, path, message] of unsupported) {
    app.on(method, path, () => {
      throw new ApiError(400, 'not_supported', { message });
    });
  }
}
