import type { RetentionRule } from '../../contract/retention.ts';
import { sidecarKey } from '../../identity/object-key.ts';
import { listKeptVideos, readSidecarOf, type KeptVideo } from './stored-videos.ts';
import { createSubmitClaims, type SubmitClaims } from '../claims/submit-claims.ts';
import type { VideoStorage } from '../video-storage.ts';

/**
 * Lists the videos that a retention rule selects for removal. A video without a sidecar has no model and no tags.
 *
 * @throws {StorageError}
 */
export async function* listExpired(
  storage: VideoStorage,
  rule: RetentionRule,
): AsyncGenerator<KeptVideo> {
  const claims = createSubmitClaims({ storage });
  for await (const video of listKeptVideos(storage)) {
    if (video.storedAt >= rule.beforeMs) continue;
    if (rule.model !== undefined && video.sidecar?.model !== rule.model) continue;
    if (rule.tag !== undefined && !(await tagsOf(claims, video)).includes(rule.tag)) continue;
    yield video;
  }
}

/** Tags are stored in the claim, which is never pruned. A job that was adopted by job id only has no tags. */
async function tagsOf(claims: SubmitClaims, { sidecar }: KeptVideo): Promise<readonly string[]> {
  const claim = sidecar && (await claims.read(sidecar.videoId).catch(() => null));
  return claim?.admission?.tags ?? [];
}

/**
 * Removes a listed video, unless it was delivered again since. Removes the sidecar last, so that the next run finds
 * and finishes an interrupted removal. A sidecar alone is never listed as a video.
 *
 * @returns False if the video was kept.
 * @throws {StorageError}
 */
export async function removeKept(storage: VideoStorage, video: KeptVideo): Promise<boolean> {
  const sidecar = await readSidecarOf(storage, video.key);
  if (sidecar?.storedAt !== video.sidecar?.storedAt) return false;
  await storage.remove(video.key);
  await storage.remove(sidecarKey(video.key));
  return true;
}
