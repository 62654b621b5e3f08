import { createHash } from 'node:crypto';
import { videoEndings, type VideoType } from '../contract/stored-video.ts';

const slugLength = 60;
const hashLength = 16;

/** Every object key of a video, and of what lies beside it, begins with this. */
export const videoPrefix = 'videos/';

/**
 * The object key of a video, safe on every file system whatever the workflow id contains. Its ending is that of its
 * container, which the sidecar tells; before that is known it is staged as MP4.
 *
 * A readable slug, then a piece of the SHA-256 of the exact id, so that ids which differ only in case, in characters
 * that a file system folds, or beyond the slug's end never share a key.
 *
 * @example videoKey('video/demo') === 'videos/demo-c251424a88d450f7.mp4'
 */
export function videoKey(workflowId: string, contentType: VideoType = 'video/mp4'): string {
  return `${videoPrefix}${safeName(workflowId)}${videoEndings[contentType]}`;
}

/** Tells whether an object key is that of a video, not of what lies beside it. */
export function isVideoKey(key: string): boolean {
  return Object.values(videoEndings).some((ending) => key.endsWith(ending));
}

/** Whether {@link videoKey} may have made this key. */
export function mayBeVideoKey(key: string): boolean {
  return isVideoKey(key) && /^videos\/(?:[A-Za-z0-9-]{1,60}-)?[0-9a-f]{16}\.\w+$/.test(key);
}

/**
 * The object key of the small JSON file beside a video.
 *
 * @example sidecarKey('videos/demo-c251424a88d450f7.mp4') === 'videos/demo-c251424a88d450f7.json'
 */
export function sidecarKey(key: string): string {
  return key.replace(/\.\w+$/, '.json');
}

/** What a browser is told that opens the object; the checks go by content. */
export function contentTypeOf(key: string): string {
  const video = Object.entries(videoEndings).find(([, ending]) => key.endsWith(ending));
  if (video) return video[0];
  if (key.endsWith('.txt')) return 'text/plain; charset=utf-8';
  return key.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}

/** The object key of what came in place of a whole video. One per job: each of them was paid for. */
export function quarantineKey(of: { videoId: string; jobId: string; ending: string }): string {
  return `quarantine/${safeName(of.videoId)}/${safeName(of.jobId)}${of.ending}`;
}

/** Every object key of a claim begins with this. */
export const claimPrefix = 'claims/';

/** The object key of a claim. */
export function claimObjectKey(claimKey: string): string {
  return `${claimPrefix}${safeName(claimKey)}.json`;
}

/**
 * The object that a claim is counted by, beside the claim itself: listing one month finds all claims of that month.
 *
 * @example claimEntryKey('claims/demo-c251424a88d450f7.json', 0) === 'claims-by-month/1970-01/01-demo-c251424a88d450f7.json'
 */
export function claimEntryKey(claimObject: string, claimedAtMs: number): string {
  const day = new Date(claimedAtMs).toISOString().slice(0, 10);
  return `${claimMonthPrefix(day.slice(0, 7))}${day.slice(8)}-${claimObject.slice(claimPrefix.length)}`;
}

/** @param month As `YYYY-MM`, in UTC. */
export function claimMonthPrefix(month: string): string {
  return `claims-by-month/${month}/`;
}

/** The object that says since when claims are counted by month. */
export const claimsCountedKey = 'claims-by-month/since.json';

/** The claim of an entry, and its day as `YYYY-MM-DD`; null for what is no entry. */
export function entryOf(key: string): { claimObject: string; day: string } | null {
  const [, month, day, name] = /^claims-by-month\/(\d{4}-\d\d)\/(\d\d)-(.+)$/.exec(key) ?? [];
  if (month === undefined || day === undefined || name === undefined) return null;
  return { claimObject: claimPrefix + name, day: `${month}-${day}` };
}

/** The object key of the object that names the video which a job belongs to. @param gateway Origin. */
export function jobOwnerKey({ gateway, jobId }: { gateway: string; jobId: string }): string {
  return `job-owners/${safeName(`${jobId}@${gateway}`)}.json`;
}

/** The object key of an image that a request refers to by its SHA-256 (lower-case hex). */
export function imageKey(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new RangeError(`Cannot make an image key: "${sha256}" is not a SHA-256 in hex`);
  }
  return `images/${sha256}`;
}

function safeName(id: string): string {
  const slug = id
    .replace(/^video\//, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, slugLength);
  const hash = createHash('sha256').update(id).digest('hex').slice(0, hashLength);
  return slug === '' ? hash : `${slug}-${hash}`;
}
