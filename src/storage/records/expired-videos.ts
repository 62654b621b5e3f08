import type { RetentionRule } from '../../contract/retention.ts';
import { sidecarKey } from '../../identity/object-key.ts';
import { listKeptVideos, readSidecarOf, type KeptVideo } from './stored-videos.ts';
import { createSubmitClaims, type SubmitClaims } from '../claims/submit-claims.ts';
import type { VideoStorage } from '../video-storage.ts';

/**
 * The videos that a rule lets go. One without a sidecar has no model and no tag.
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

/** Tags are in the claim of the submit, which outlives all. A job that was adopted by its id alone has none. */
async function tagsOf(claims: SubmitClaims, { sidecar }: KeptVideo): Promise<readonly string[]> {
  const claim = sidecar && (await claims.read(sidecar.videoId).catch(() => null));
  return claim?.admission?.tags ?? [];
}

/**
 * Removes a listed video, unless it was delivered anew since. The sidecar goes last: it is what a removal that was
 * broken off is found and finished by, and nobody takes it for a video.
 *
 * @returns False where it stays.
 * @throws {StorageError}
 */
export async function removeKept(storage: VideoStorage, video: KeptVideo): Promise<boolean> {
  const sidecar = await readSidecarOf(storage, video.key);
  if (sidecar?.storedAt !== video.sidecar?.storedAt) return false;
  await storage.remove(video.key);
  await storage.remove(sidecarKey(video.key));
  return true;
}
