import type { HonoRequest } from 'hono';
import { ApiError } from '../http/api-error.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { readLink } from './signed-link.ts';

const contentPath = /^\/v1\/videos\/([^/]+)\/content$/;

/** The video of a signed link; null for other requests. A link is only for content, and an API key counts before it. */
export function linkedVideo(request: HonoRequest): string | null {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const isLink = isRead && request.query('sig') !== undefined;
  if (!isLink || request.header('authorization') !== undefined) return null;
  return contentPath.exec(request.path)?.[1] ?? null;
}

/** The tenant that signed the link of this request. @throws {ApiError} 403 */
export async function linkTenant(
  request: HonoRequest,
  { links, now }: Pick<ServePorts, 'links' | 'now'>,
  videoId: string,
): Promise<Tenant> {
  const query = new URL(request.url).searchParams;
  // Before the secret is read: it is as of the last look at the keys file.
  const isActive = await links.isActive(query.get('key'));
  const tenant = readLink(query, { videoId, secret: links.linkSecret(), nowMs: now() });
  if (tenant && isActive) return tenant;
  const message =
    'The link is not valid, or not any more; POST /v1/videos/{id}/link makes a new one';
  throw new ApiError(403, 'invalid_link', { message });
}
