import { settled, type LedgerEntry, type LedgerWindow } from '../../contract/ledger.ts';
import { maxSidecarBytes, readSidecar, type VideoSidecar } from '../../contract/video-sidecar.ts';
import { costOf } from '../../contract/price/video-cost.ts';
import { sidecarKey, videoKey, videoPrefix } from '../../identity/object-key.ts';
import { chargeOfClaim, hasPost, type SubmitClaim } from '../claims/claim.ts';
import { createSubmitClaims } from '../claims/submit-claims.ts';
import { readAhead } from '../read-ahead.ts';
import { createUnclaimedVideos } from './unclaimed-videos.ts';
import type { VideoStorage } from '../video-storage.ts';

/**
 * Lists everything in a window that was or may have been billed, oldest first: every claim, and the videos of jobs that
 * were adopted by job id only. Reads only the storage, so a job in progress is reported as `accepted`, billed `maybe`.
 *
 * @throws {StorageError}
 */
export async function readLedger(
  storage: VideoStorage,
  { fromMs, toMs }: LedgerWindow,
): Promise<LedgerEntry[]> {
  const claims: SubmitClaim[] = [];
  for await (const claim of createSubmitClaims({ storage }).listSince(fromMs, toMs)) {
    if (hasPost(claim)) claims.push(claim);
  }
  const named = new Set(claims.map(jobOf));
  const videos: Videos = { byJob: new Map(), unnamed: new Map() };
  for await (const video of readAhead(sidecarKeys(storage, claims, fromMs), readOne(storage))) {
    if (!video) continue;
    if (named.has(video.jobId)) videos.byJob.set(video.jobId, video);
    else if (Date.parse(video.storedAt) >= fromMs) videos.unnamed.set(video.videoId, video);
  }
  const entries = claims.map((claim) => entryOf(claim, takeVideo(claim, videos)));
  entries.push(...(await adopted(storage, videos.unnamed.values())));
  return entries
    .filter(({ at }) => fromMs <= Date.parse(at) && Date.parse(at) < toMs)
    .toSorted((one, other) => one.at.localeCompare(other.at));
}

interface Videos {
  /** Videos of jobs that a claim names, by job id. */
  byJob: Map<string, VideoSidecar>;
  /** All other videos, by video id. */
  unnamed: Map<string, VideoSidecar>;
}

/**
 * The sidecars of videos that may belong to a window: those of the claims, and of videos without a claim of their own. Videos
 * that earlier versions delivered are not in that index. They are looked for among all videos.
 */
async function* sidecarKeys(
  storage: VideoStorage,
  claims: readonly SubmitClaim[],
  fromMs: number,
): AsyncGenerator<string> {
  const unclaimed = createUnclaimedVideos({ storage });
  if (!(await unclaimed.covers(fromMs))) return yield* listSidecars(storage, fromMs);
  const ofClaims = claims.map(({ workflowId }) => sidecarKey(videoKey(workflowId)));
  const keys = new Set(ofClaims);
  // A job of the window may be delivered later, as another video.
  for await (const key of unclaimed.list({ fromMs })) keys.add(key);
  yield* keys;
}

/** A sidecar is written no earlier than what it says, so those written since `fromMs` cover the window. */
async function* listSidecars(storage: VideoStorage, fromMs: number): AsyncGenerator<string> {
  for await (const { key, modifiedAt } of storage.list(videoPrefix)) {
    if (key.endsWith('.json') && modifiedAt >= fromMs) yield key;
  }
}

function readOne(storage: VideoStorage) {
  return async (key: string): Promise<VideoSidecar | null> => {
    const bytes = await storage.readSmall(key, maxSidecarBytes);
    return bytes && readSidecar(Buffer.from(bytes).toString('utf8'));
  };
}

/** The video that a claim paid for. A claim without a job matches by key: its job was found and adopted later. */
function takeVideo(
  { workflowId, outcome }: SubmitClaim,
  { byJob, unnamed }: Videos,
): VideoSidecar | undefined {
  if (outcome.state === 'accepted') return byJob.get(outcome.jobId);
  const video = unnamed.get(workflowId);
  unnamed.delete(workflowId);
  return video;
}

function jobOf({ outcome }: SubmitClaim): string | undefined {
  return outcome.state === 'accepted' ? outcome.jobId : undefined;
}

function ratiosOf({ outcome }: SubmitClaim): Record<string, number> | undefined {
  return outcome.state === 'accepted' ? outcome.chargedRatios : undefined;
}

function entryOf(claim: SubmitClaim, video: VideoSidecar | undefined): LedgerEntry {
  const { admission } = claim;
  const jobId = video?.jobId ?? jobOf(claim);
  const chargedRatios = ratiosOf(claim);
  const charged = video?.charged ?? chargeOfClaim(claim);
  return settled({
    at: new Date(claim.claimedAt).toISOString(),
    videoId: claim.workflowId,
    claimKey: claim.claimKey,
    ...(jobId !== undefined && { jobId }),
    model: claim.model,
    tags: admission?.tags ?? [],
    ...(admission?.batch && { batch: admission.batch.name }),
    reserved: admission?.cost ?? {},
    ...(chargedRatios && { chargedRatios }),
    ...(charged && { charged }),
    billed: video ? 'yes' : charged?.quota === 0 ? 'no' : 'maybe',
    state: video ? 'stored' : jobId === undefined ? 'unknown' : 'accepted',
    gateway: claim.gateway,
    ...(admission && { account: admission.id }),
  });
}

/** Keeps only the videos that no claim paid for. Videos with an earlier claim were paid for before the window. */
async function adopted(
  storage: VideoStorage,
  videos: Iterable<VideoSidecar>,
): Promise<LedgerEntry[]> {
  const claims = createSubmitClaims({ storage });
  const entries: LedgerEntry[] = [];
  for (const { videoId, jobId, model, request, charged, storedAt } of videos) {
    const claim = await claims.read(videoId);
    if (claim && hasPost(claim) && (jobOf(claim) ?? jobId) === jobId) continue;
    const seconds = request && costOf(request).seconds;
    entries.push(
      settled({
        at: storedAt,
        videoId,
        jobId,
        ...(model !== undefined && { model }),
        tags: [],
        reserved: seconds === undefined ? {} : { seconds },
        ...(charged && { charged }),
        billed: 'yes',
        state: 'stored',
      }),
    );
  }
  return entries;
}
