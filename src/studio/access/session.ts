import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Name of the cookie of a session. */
export const sessionCookie = 'onetake_studio';
/** A working day. */
export const sessionSeconds = 43_200;

/** A browser that is signed in. */
export interface Session {
  /** Id of the API key that was used. */
  keyId: string;
  /** Unix time in seconds. */
  expiresAtSeconds: number;
}

/** The value of the cookie. @param secret The link secret of the keys file, the same on all replicas. */
export function signSession(session: Session, secret: string): string {
  return [session.keyId, session.expiresAtSeconds, signatureOf(session, secret)].join('.');
}

/**
 * The session of a cookie. Null if it is forged, of another keys file, expired, or valid for longer than any session. The
 * caller checks that the key is still one of an operator.
 */
export function readSession(
  cookie: string,
  { secret, nowMs }: { secret: string; nowMs: number },
): Session | null {
  const [keyId = '', expires = '', signature = '', ...more] = cookie.split('.');
  const session = { keyId, expiresAtSeconds: Number(expires) };
  const remainingMs = session.expiresAtSeconds * 1_000 - nowMs;
  if (!(remainingMs > 0 && remainingMs <= sessionSeconds * 1_000)) return null;
  const isGenuine = isEqual(signature, signatureOf(session, secret));
  return isGenuine && more.length === 0 && expires === String(Number(expires)) ? session : null;
}

/** JSON keeps the fields apart. The first one keeps sessions and signed links apart, which have the same secret. */
function signatureOf({ keyId, expiresAtSeconds }: Session, secret: string): string {
  const signed = ['studio-session', keyId, expiresAtSeconds];
  return createHmac('sha256', secret).update(JSON.stringify(signed)).digest('base64url');
}

/** Digests have equal length, as a constant-time comparison requires. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
