import { isPaidBy } from '../claims/claim.ts';
import { createSubmitClaims } from '../claims/submit-claims.ts';
import { createDayIndex, type IndexWindow } from '../day-index.ts';
import { sidecarKey, videoKey, videoPrefix } from '../../identity/object-key.ts';
import type { VideoStorage } from '../video-storage.ts';

/**
 * An index, by day of delivery, of videos of adopted jobs and of resubmits: the claim of their key did not pay for their job.
 * The ledger finds all other videos by their claims, without listing videos.
 */
export interface UnclaimedVideos {
  /** Called before the sidecar is written. Writes an entry, unless the claim of the video is of this job. */
  note(video: { videoId: string; jobId: string; storedAtMs: number }): Promise<void>;
  /** True if every such video that was stored since then has an entry. */
  covers(fromMs: number): Promise<boolean>;
  /** Object keys of the sidecars of such videos. Some may be of other videos, or no longer stored. */
  list(window: IndexWindow): AsyncIterable<string>;
}

/** An empty object per video, in a folder per month: `unclaimed-by-month/2026-11/29-<name>.json`. */
export function createUnclaimedVideos({ storage }: { storage: VideoStorage }): UnclaimedVideos {
  const index = createDayIndex({ storage, index: 'unclaimed-by-month' });
  const claims = createSubmitClaims({ storage });
  return {
    note: async ({ videoId, jobId, storedAtMs }) => {
      await index.begin();
      // An entry too many costs one read. A delivery must not fail because a claim cannot be read.
      const claim = await claims.read(videoId).catch(() => null);
      if (claim && isPaidBy(claim, { videoId, jobId })) return;
      await index.note(sidecarKey(videoKey(videoId)).slice(videoPrefix.length), storedAtMs);
    },
    covers: (fromMs) => index.covers(fromMs),
    list: async function* (window) {
      for await (const { name } of index.list(window)) yield videoPrefix + name;
    },
  };
}
