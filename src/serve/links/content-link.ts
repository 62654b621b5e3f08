import type { HonoRequest } from 'hono';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { signLink } from './signed-link.ts';

/** An address of the content of a video that needs no API key. */
export interface ContentLink {
  url: string;
  /** Seconds since the epoch. */
  expires_at: number;
}

/** Validity of a link in seconds, if the caller does not say it: a person clicks, or a player loads, within it. */
export const defaultLinkSeconds = 900;

/**
 * Signs a link to the content of a tenant's video. It begins with the public address of the server; without one, with
 * the address that the caller used.
 */
export function contentLink(
  request: Pick<HonoRequest, 'url'>,
  { links, publicUrl, now }: Pick<ServePorts, 'links' | 'publicUrl' | 'now'>,
  {
    videoId,
    tenant,
    expiresInSeconds,
  }: { videoId: string; tenant: Tenant; expiresInSeconds: number },
): ContentLink {
  const expiresAtSeconds = Math.floor(now() / 1_000) + expiresInSeconds;
  const signed = signLink({ videoId, tenant, expiresAtSeconds }, links.linkSecret());
  const base = publicUrl ?? new URL(request.url).origin;
  const url = `${base}/v1/videos/${videoId}/content?${String(new URLSearchParams({ ...signed }))}`;
  return { url, expires_at: expiresAtSeconds };
}
