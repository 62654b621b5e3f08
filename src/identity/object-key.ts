import { createHash } from 'node:crypto';
import { videoEndings, type VideoType } from '../contract/stored-video.ts';

const slugLength = 60;
const hashLength = 16;

/** Prefix of the object keys of videos and their sidecars. */
export const videoPrefix = 'videos/';

/**
 * The object key of a video, valid on every file system for any workflow id. Its extension is that of the container,
 * which is recorded in the sidecar. Before the container is known, the video is staged as MP4.
 *
 * The key is a readable slug and a part of the SHA-256 of the exact id. So ids that differ only in case, in characters
 * that a file system folds, or after the end of the slug have different keys.
 *
 * @example videoKey('video/demo') === 'videos/demo-c251424a88d450f7.mp4'
 */
export function videoKey(workflowId: string, contentType: VideoType = 'video/mp4'): string {
  return `${videoPrefix}${safeName(workflowId)}${videoEndings[contentType]}`;
}

/** Whether an object key belongs to a video, not to a sidecar. */
export function isVideoKey(key: string): boolean {
  return Object.values(videoEndings).some((ending) => key.endsWith(ending));
}

/** Whether a key has the form of {@link videoKey}. */
export function mayBeVideoKey(key: string): boolean {
  return isVideoKey(key) && /^videos\/(?:[A-Za-z0-9-]{1,60}-)?[0-9a-f]{16}\.\w+$/.test(key);
}

/**
 * The object key of the sidecar of a video.
 *
 * @example sidecarKey('videos/demo-c251424a88d450f7.mp4') === 'videos/demo-c251424a88d450f7.json'
 */
export function sidecarKey(key: string): string {
  return key.replace(/\.\w+$/, '.json');
}

/** The Content-Type for downloads of an object. Checks use the content instead. */
export function contentTypeOf(key: string): string {
  const video = Object.entries(videoEndings).find(([, ending]) => key.endsWith(ending));
  if (video) return video[0];
  if (key.endsWith('.txt')) return 'text/plain; charset=utf-8';
  return key.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}

/** The object key of a file that failed the checks. One per job, because each job was paid for. */
export function quarantineKey(of: { videoId: string; jobId: string; ending: string }): string {
  return `quarantine/${safeName(of.videoId)}/${safeName(of.jobId)}${of.ending}`;
}

/** Prefix of the object keys of claims. */
export const claimPrefix = 'claims/';

/** The object key of a claim. */
export function claimObjectKey(claimKey: string): string {
  return `${claimPrefix}${safeName(claimKey)}.json`;
}

/** Indexes by day: of claims, of claims that changed days after they were made, and of videos that no claim of their own paid for. */
export type DayIndexName = 'claims-by-month' | 'changed-by-month' | 'unclaimed-by-month';

/**
 * The object key of an entry of an index by day. Keys of one month have a prefix of their own, and sort by day.
 *
 * @example dayEntryKey('claims-by-month', { name: 'demo-c251424a88d450f7.json', atMs: 0 }) ===
 *   'claims-by-month/1970-01/01-demo-c251424a88d450f7.json'
 */
export function dayEntryKey(
  index: DayIndexName,
  { name, atMs }: { name: string; atMs: number },
): string {
  const day = new Date(atMs).toISOString().slice(0, 10);
  return `${dayMonthPrefix(index, day.slice(0, 7))}${day.slice(8)}-${name}`;
}

/** Prefix of the entries of one month. @param month As `YYYY-MM`, in UTC. */
export function dayMonthPrefix(index: DayIndexName, month: string): string {
  return `${index}/${month}/`;
}

/** The object that records since when an index has entries. */
export function dayIndexStartKey(index: DayIndexName): string {
  return `${index}/since.json`;
}

/** The name of an entry, and its day as `YYYY-MM-DD`; null for other keys. */
export function readDayEntry(
  index: DayIndexName,
  key: string,
): { name: string; day: string } | null {
  if (!key.startsWith(`${index}/`)) return null;
  const [, month, day, name] =
    /^(\d{4}-\d\d)\/(\d\d)-(.+)$/.exec(key.slice(index.length + 1)) ?? [];
  if (month === undefined || day === undefined || name === undefined) return null;
  return { name, day: `${month}-${day}` };
}

/** The object key of the index entry of a claim. */
export function claimEntryKey(claimObject: string, atMs: number): string {
  return dayEntryKey('claims-by-month', { name: claimObject.slice(claimPrefix.length), atMs });
}

/** Prefix of the copies of claims, many in one object. */
export const claimPackPrefix = 'claim-packs/';

/**
 * The object key of the n-th pack of a day, in order of the claims.
 *
 * @param day As `YYYY-MM-DD`, in UTC.
 */
export function claimPackKey(of: { day: string; number: number; isLast: boolean }): string {
  const end = of.isLast ? '-last' : '';
  return `${claimPackPrefix}${of.day}/${String(of.number).padStart(4, '0')}${end}.jsonl`;
}

/** The object key of the record that assigns a job to a video. @param gateway Origin. */
export function jobOwnerKey({ gateway, jobId }: { gateway: string; jobId: string }): string {
  return `job-owners/${safeName(`${jobId}@${gateway}`)}.json`;
}

/** The object key of the n-th of equal requests of a tenant of the HTTP API without an idempotency key. */
export function unkeyedRequestKey(of: { tenant: string; digest: string; number: number }): string {
  return `requests/${safeName(`${of.tenant}/${of.digest}`)}/${of.number}.json`;
}

/** The object key of the mark that a tenant of the HTTP API has deleted a video. */
export function deletedVideoKey(videoId: string): string {
  return `deleted/${safeName(videoId)}.json`;
}

/** Prefix of the object keys about what agents may spend. */
export const spendingPrefix = 'spending/';

/**
 * The object key of a part of a quote that an agent got: the quote, a person's approval, or the video it was used for.
 *
 * @param code Of the quote; letters and digits.
 */
export function spendOfferKey(code: string, part: 'quote' | 'approval' | 'use'): string {
  return `${spendingPrefix}quotes/${code}/${part}.json`;
}

/** The object key of the n-th reservation of a tenant's standing permission. @param day As `YYYY-MM-DD`, in UTC. */
export function standingSpendKey(of: { tenant: string; day: string; number: number }): string {
  return `${spendingPrefix}standing/${of.day}/${safeName(of.tenant)}/${of.number}.json`;
}

/** The object key of a stored image. @param sha256 Lower-case hex. @throws {RangeError} */
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
