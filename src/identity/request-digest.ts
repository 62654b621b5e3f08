import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { VideoRequest } from '../contract/video-request.ts';

/** SHA-256 (hex) of the RFC 8785 form of a request: the same whatever the order of its fields. */
export function requestDigest(request: VideoRequest): string {
  const canonical = canonicalize(request);
  if (canonical === undefined) throw new TypeError('Cannot digest the request: it is not JSON');
  return createHash('sha256').update(canonical).digest('hex');
}
