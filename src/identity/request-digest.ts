import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { VideoRequest } from '../contract/video-request.ts';

interface Form extends Pick<VideoRequest, 'asGiven'> {
  format: unknown;
  body: unknown;
}

/**
 * SHA-256 (hex) of the RFC 8785 form of a request. It does not depend on the order of fields, nor on whether data URIs
 * are inline or stored (decision 0017). If the request was changed after they were stored, the digest changes.
 */
export function requestDigest({ asGiven, ...request }: Form): string {
  const digest = formDigest(request);
  return asGiven?.storedDigest === digest ? asGiven.requestDigest : digest;
}

/** SHA-256 (hex) of the RFC 8785 form, with data URIs as they are. */
export function formDigest(request: Omit<Form, 'asGiven'>): string {
  const canonical = canonicalize(request);
  if (canonical === undefined)
    throw new TypeError('Cannot compute the digest of the request: it is not JSON');
  return createHash('sha256').update(canonical).digest('hex');
}
