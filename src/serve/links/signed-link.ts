import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Tenant } from '../tenants/tenant.ts';

/** The longest validity of a link, in seconds. */
export const maxLinkSeconds = 3_600;

/** What a link grants: the content of one video, until it expires or its key is revoked. */
export interface Link {
  /** As in the path of the link, e.g. `video_1f0e…`. */
  videoId: string;
  tenant: Tenant;
  /** Unix time in seconds. */
  expiresAtSeconds: number;
}

/** Query parameters of a link. `key` is the id of the API key; it is absent on a server without a keys file. */
export interface LinkParameters {
  expires: string;
  tenant: string;
  key?: string;
  sig: string;
}

/** What links and sessions of the studio need of the API keys. */
export interface LinkPorts {
  /** Whether links of this key are honoured; null is the id on a server without a keys file. */
  isActive(keyId: string | null): Promise<boolean>;
  /** Who has a session with this key; null if such a session is not accepted. */
  operator(keyId: string): Promise<Tenant | null>;
  /** Signs links and sessions; the same on all servers with the same keys file. */
  linkSecret(): string;
}

/** Signs a link. @param secret The same on all replicas. */
export function signLink(link: Link, secret: string): LinkParameters {
  const { tenant, expiresAtSeconds } = link;
  return {
    expires: String(expiresAtSeconds),
    tenant: tenant.name,
    ...(tenant.keyId !== null && { key: tenant.keyId }),
    sig: signatureOf(link, secret),
  };
}

/**
 * The tenant that signed a link to this video. Null if the link is forged, of another video, expired, or valid for more
 * than an hour from now. The caller checks that the key was not revoked.
 */
export function readLink(
  query: URLSearchParams,
  { videoId, secret, nowMs }: { videoId: string; secret: string; nowMs: number },
): Tenant | null {
  const expires = query.get('expires') ?? '';
  const tenant = { name: query.get('tenant') ?? '', keyId: query.get('key') };
  const remainingMs = Number(expires) * 1000 - nowMs;
  if (!(remainingMs > 0 && remainingMs <= maxLinkSeconds * 1000)) return null;
  const expected = signatureOf({ videoId, tenant, expiresAtSeconds: Number(expires) }, secret);
  const isGenuine = isEqual(query.get('sig') ?? '', expected);
  return isGenuine && expires === String(Number(expires)) ? tenant : null;
}

/** JSON keeps the fields apart, whatever they contain. The first one keeps other uses of the secret apart. */
function signatureOf({ videoId, tenant, expiresAtSeconds }: Link, secret: string): string {
  const signed = ['content-link', tenant.name, tenant.keyId, videoId, expiresAtSeconds];
  return createHmac('sha256', secret).update(JSON.stringify(signed)).digest('base64url');
}

/** Digests have equal length, as a constant-time comparison requires. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
