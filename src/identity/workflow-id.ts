import { keyProblem, spellingsOf } from '../contract/key-text.ts';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { requestDigest } from './request-digest.ts';

/** The server's default limit is 1,000 bytes. The rest is for suffixes. */
const maxKeyBytes = 900;

/** Identifies a video among equal requests. */
export interface VideoIdentity {
  /** The caller's idempotency key. Without it, equal requests are the same video. */
  key?: string;
  /** An integer from 1. Equal requests with the same take are the same video. Default 1. */
  take?: number;
}

/**
 * The workflow id of a video, which is also the key of its claim: `video/<key>` or `video/<sha256 of the request>`,
 * followed by `/take-<n>` from the second take on. Keys that differ only in Unicode normalization are the same key.
 *
 * @throws {RangeError} The key is invalid ({@link keyProblem}) or too long, or the take is not an integer from 1.
 */
export function videoId(request: VideoRequest, identity: VideoIdentity = {}): string {
  return spellingsOf(spelledId(request, identity))[0];
}

/** Ids that earlier versions used for the same video; empty for nearly all keys. @throws {RangeError} */
export function earlierIds(request: VideoRequest, identity: VideoIdentity = {}): string[] {
  return spellingsOf(spelledId(request, identity)).slice(1);
}

function spelledId(request: VideoRequest, { key, take = 1 }: VideoIdentity): string {
  if (key !== undefined) checkKey(key);
  if (!Number.isInteger(take) || take < 1) {
    throw new RangeError(`The take must be a whole number from 1, not "${take}"`);
  }
  const base = workflowIdPrefix + (key ?? requestDigest(request));
  return take === 1 ? base : `${base}/take-${take}`;
}

function checkKey(key: string): void {
  const problem = keyProblem(key);
  if (problem !== null) throw new RangeError(`The key ${problem}`);
  if (Buffer.byteLength(key.normalize('NFC')) <= maxKeyBytes) return;
  throw new RangeError(`The key must not have more than ${maxKeyBytes} bytes`);
}
