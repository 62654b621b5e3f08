import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { VideoRequest } from '../contract/video-request.ts';

interface Form extends Pick<VideoRequest, 'asGiven'> {
  format: unknown;
  body: unknown;
}

/**
 * SHA-256 (hex) of the RFC 8785 form of a request: the same whatever the order of its fields, and the same whether its
 * data URIs are inline or stored (decision 0017). A request that was changed after they were stored is another one.
 */
export function requestDigest({ asGiven, ...request }: Form): string {
  const digest = formDigest(request);
  return asGiven?.storedDigest === digest ? asGiven.requestDigest : digest;
}

/** The same of exactly this form. */
export function formDigest(request: Omit<Form, 'asGiven'>): string {
  const canonical = canonicalize(request);
  if (canonical === undefined) throw new TypeError('Cannot digest the request: it is not JSON');
  return createHash('sha256').update(canonical).digest('hex');
}
