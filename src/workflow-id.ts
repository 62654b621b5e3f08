import { workflowIdPrefix } from './contract/task-queues.ts';
import type { VideoRequest } from './contract/video-request.ts';
import { requestDigest } from './request-digest.ts';

/** The server's default limit is 1,000 bytes; room is left for suffixes. */
const maxKeyBytes = 900;

export interface VideoIdentity {
  /** The caller's own key; without one, equal requests are the same video. */
  key?: string;
  /** A whole number from 1. The same request asked twice is one take; a new sample is take 2. */
  take?: number;
}

/**
 * The workflow id of a video, which is also the key of its claim: `video/<key>` or `video/<sha256 of the request>`,
 * followed by `/take-<n>` from the second take on.
 *
 * @throws {RangeError} an empty or overlong key, one that looks like a take, or a take that is no whole number from 1
 */
export function videoId(request: VideoRequest, { key, take = 1 }: VideoIdentity = {}): string {
  if (key !== undefined && key.trim() === '') throw new RangeError('The key must not be empty');
  if (key !== undefined && Buffer.byteLength(key) > maxKeyBytes) {
    throw new RangeError(`The key must not have more than ${maxKeyBytes} bytes`);
  }
  if (key !== undefined && /\/take-\d+$/.test(key)) {
    throw new RangeError(
      `The key must not end in "${key.slice(key.lastIndexOf('/'))}": say it by the take`,
    );
  }
  if (!Number.isInteger(take) || take < 1) {
    throw new RangeError(`The take must be a whole number from 1, not "${take}"`);
  }
  const base = workflowIdPrefix + (key ?? requestDigest(request));
  return take === 1 ? base : `${base}/take-${take}`;
}
