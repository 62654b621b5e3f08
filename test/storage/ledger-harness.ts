import { beforeEach } from 'vitest';
import { dayIndexStartKey } from '../../src/identity/object-key.ts';
import type { ClaimOutcome } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { createUnclaimedVideos } from '../../src/storage/records/unclaimed-videos.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { keepVideo, type Keeping } from '../fakes/kept-videos.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const hourMs = 3_600_000;
/** Files get the time of now, so the window lies around it. */
export const nowMs = Date.now();
export const window = { fromMs: nowMs - 24 * hourMs, toMs: nowMs + hourMs };
export const gateway = 'https://gateway.test';
export const account = 'admission/ours';

interface Paying {
  id?: string;
  /** Default: now. */
  at?: number;
  outcome?: ClaimOutcome;
  account?: string;
  gateway?: string;
  claimKey?: string;
}

export const storedNow = { storedAt: new Date(nowMs).toISOString(), model: 'kling-v1' };

/** A new storage for each test of the file, which pays for videos and delivers them there. */
export function useLedger() {
  let place: { storage: VideoStorage; folder: string };
  beforeEach(async () => {
    place = await tempStorage();
  });
  return {
    place: () => place,
    pay: (key: string, given: Paying = {}) => pay(place.storage, key, given),
    deliver: (id: string, given: Keeping = storedNow) => deliver(place.storage, id, given),
    /** There have been indexes by day for so long that they are complete for the window. */
    indexed: async () => {
      const since = Buffer.from(JSON.stringify({ since: nowMs - 400 * 24 * hourMs }));
      for (const index of ['claims-by-month', 'unclaimed-by-month'] as const) {
        await place.storage.writeSmall(dayIndexStartKey(index), since);
      }
    },
  };
}

async function deliver(storage: VideoStorage, id: string, given: Keeping): Promise<void> {
  const { jobId = `task_${id}`, storedAt } = given;
  const video = { videoId: `video/${id}`, jobId, storedAtMs: Date.parse(storedAt) };
  await createUnclaimedVideos({ storage }).note(video);
  await keepVideo(storage, id, given);
}

/** Leaves the claim of a submit. */
async function pay(
  storage: VideoStorage,
  key: string,
  { at = nowMs, outcome, ...more }: Paying,
): Promise<void> {
  const claims = createSubmitClaims({ storage });
  const claim = {
    claimKey: more.claimKey ?? `video/${key}`,
    requestDigest: '00',
    gateway: more.gateway ?? gateway,
    workflowId: `video/${key}`,
    runId: 'run-1',
    format: 'videos',
    model: 'kling-v1',
    claimedAt: at,
    admission: {
      id: more.account ?? account,
      tags: ['drafts'],
      batch: { name: 'launch', runId: 'r' },
      cost: { seconds: 5, money: 0.4 },
    },
  };
  await claims.acquire(claim);
  const accepted: ClaimOutcome = { state: 'accepted', jobId: `task_${key}`, submittedAt: 0 };
  await claims.record(claim, outcome ?? accepted);
}
