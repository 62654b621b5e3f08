import { Context } from '@temporalio/activity';
import type { StoreVideoInput, VideoActivities } from '../../contract/activities.ts';
import {
  failures,
  type FailureKind,
  type KeptFile,
  type VideoFailure,
} from '../../contract/failure.ts';
import { matchAccounts, type GatewayAccount } from '../../contract/gateway-account.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import type { JobRef } from '../../contract/video-job.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { videoKey } from '../../identity/object-key.ts';
import type { JobTimings } from '../../storage/records/job-timings.ts';
import {
  createUnclaimedVideos,
  type UnclaimedVideos,
} from '../../storage/records/unclaimed-videos.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { AddressMemory } from './address-memory.ts';
import { type BlockPool, createBlockPool } from './block-pool.ts';
import { tryAddresses } from './try-addresses.ts';
import type { VideoChecks } from './check-video.ts';
import { commitVideo } from './commit-video.ts';
import { type Download, fetchVideo } from './fetch-video.ts';
import { createRefusedFiles, type RefusedFiles } from './refused-files.ts';
import { storedBefore } from '../submit/stored-before.ts';
import { createStagedVideo, type StagedVideo } from './staged-video.ts';
import { tellDeliveryFailed } from './tell-run.ts';
import { describeError, jobFailed } from '../to-application-failure.ts';
import { addressesOf, askGateway, askOtherRoute } from '../watch/ask-gateway.ts';
import { jobMoney } from '../watch/job-money.ts';

/**
 * How often a heartbeat is sent; the response carries a cancellation. Heartbeats continue while no byte arrives: a
 * stalled stream is ended by its idle timeout, not by a missing heartbeat.
 */
const heartbeatEveryMs = 5_000;
/** The gateway may revoke the failure of a succeeded job, as it may revoke a success. */
const verdictKinds = new Set<FailureKind>(['task_failed', 'task_timeout']);
/** Retries may help with these kinds, but only for a limited time: about 10 minutes of back-off. */
const boundedKinds = new Set<FailureKind>([
  'result_missing',
  'truncated',
  'not_video',
  ...verdictKinds,
]);
const boundedAttempts = 8;

export interface StoreVideoOptions {
  gateway: Gateway;
  /** The account of the worker's own API key. */
  account: GatewayAccount;
  storage: VideoStorage;
  /** Learns how long the job took. */
  timings?: Pick<JobTimings, 'record'>;
  /** Larger videos are refused, while streaming and by their declared length. */
  maxBytes: number;
  /** Default `strict`. */
  checks?: VideoChecks;
  /** What the polls of this process have brought. Default: nothing. */
  addresses?: Pick<AddressMemory, 'take'>;
}

/**
 * Downloads, verifies and stores the video of a succeeded job; nothing is visible under its key before that.
 *
 * Each attempt requests fresh addresses (they expire and are secrets) and tries them in order. The first attempt begins
 * with those that the last poll has brought, if it ran in this process a moment ago. Bytes that an attempt
 * received before an interruption are kept for the next attempt, on any worker. Temporal retries failures; kinds that
 * no retry can fix are final.
 */
export function createStoreVideo(options: StoreVideoOptions): VideoActivities['storeVideo'] {
  const blocks = createBlockPool();
  const unclaimed = createUnclaimedVideos({ storage: options.storage });
  return async (input) => {
    const { cancellationSignal, cancelled, heartbeat } = Context.current();
    const progress: Download['progress'] = { receivedBytes: 0 };
    const beat = setInterval(() => heartbeat({ ...progress }), heartbeatEveryMs);
    const { storage } = options;
    const { jobId } = input.job;
    const file = createStagedVideo({ storage, key: videoKey(input.videoId), jobId });
    const isLast = Context.current().info.attempt >= boundedAttempts;
    const refused = createRefusedFiles({ storage, videoId: input.videoId, jobId, isLast });
    try {
      // An earlier attempt may have stored the whole video and lost only its response.
      const stored = await storedBefore(storage, input.videoId);
      if (stored?.jobId === jobId) return stored.video;
      const delivery = { input, file, progress, refused, blocks, unclaimed };
      const video = await deliver(options, delivery);
      await refused.drop();
      learn(options, input);
      return video;
    } catch (error) {
      const kept = cancellationSignal.aborted ? undefined : await settled(refused);
      const failure = deliveryFailed(error, { job: input.job, file, kept });
      await putAside(file, { isFinal: failure.nonRetryable === true });
      if (cancellationSignal.aborted) return cancelled;
      if (failure.nonRetryable !== true) await tellDeliveryFailed(failure);
      throw failure;
    } finally {
      clearInterval(beat);
    }
  };
}

/** The run of the video does not wait for this. A duration that is lost changes nothing. */
function learn(
  { timings }: Pick<StoreVideoOptions, 'timings'>,
  { request, timing, jobMs }: StoreVideoInput,
): void {
  if (!request || !timing || jobMs === undefined) return;
  const { model } = request.body;
  const { log } = Context.current();
  timings?.record({ model, ...timing }, jobMs).catch((error: unknown) => {
    log.warn('The duration of the job could not be recorded', { error });
  });
}

interface Delivery {
  input: StoreVideoInput;
  file: StagedVideo;
  progress: Download['progress'];
  refused: RefusedFiles;
  blocks: BlockPool;
  unclaimed: UnclaimedVideos;
}

async function deliver(
  { gateway, account, storage, maxBytes, checks = 'strict', addresses }: StoreVideoOptions,
  { input, file, progress, refused, blocks, unclaimed }: Delivery,
): Promise<StoredVideo> {
  if (input.account && matchAccounts(input.account, account) === 'other account') {
    const message = 'Not downloaded: this worker has the API key of another account';
    throw new GatewayError('auth', message, { billed: 'yes' });
  }
  const { cancellationSignal: signal, info } = Context.current();
  const { attempt } = info;
  const committing = { storage, unclaimed, checks, file, input, attempt, refused };
  const { jobId } = input.job;
  const download = { gateway, jobId, file, blocks, maxBytes, signal, progress };
  const known = info.attempt === 1 ? addresses?.take(jobId) : undefined;
  if (known) await file.resume();
  return tryAddresses({
    signal,
    known,
    ask: async () => {
      const urls = await resultAddresses(gateway, input.job, signal);
      if (file.sizeBytes === 0) await file.resume();
      return urls;
    },
    fetch: async (url) => {
      try {
        const fetched = await fetchVideo(download, url);
        return await commitVideo(committing, { ...fetched, url });
      } catch (error) {
        if (error instanceof GatewayError) refused.note(error.evidence);
        throw error;
      }
    },
  });
}

/** The storage error must not replace the failure of the video. */
async function settled(refused: RefusedFiles): Promise<KeptFile | undefined> {
  return refused.settle().catch(() => undefined);
}

/** Only a person or a final failure discards the bytes of a paid video, not a worker that has to stop. */
async function putAside(file: StagedVideo, { isFinal }: { isFinal: boolean }): Promise<void> {
  const { cancellationSignal, cancellationDetails } = Context.current();
  const isUnwanted = cancellationSignal.aborted
    ? cancellationDetails?.cancelRequested === true
    : isFinal;
  // The failure itself must be reported. Leftovers are deleted later, when the storage is swept.
  await (isUnwanted ? file.discard() : file.suspend()).catch(() => {});
}

function deliveryFailed(
  error: unknown,
  { job, file, kept }: { job: JobRef; file: StagedVideo; kept: KeptFile | undefined },
) {
  const described = describeError(error, 'result_missing');
  const { kind } = described;
  const billed = verdictKinds.has(kind) ? described.billed : 'yes';
  const failure: VideoFailure = { ...described, billed, jobId: job.jobId, ...(kept && { kept }) };
  const { attempt } = Context.current().info;
  const spent = attempt >= boundedAttempts && boundedKinds.has(kind) && !file.hasGrown;
  return jobFailed(failure, { nonRetryable: spent || !isWorthRepeating(kind) });
}

/** A refused key or an unknown job may come back within the 24 h that the links are valid. */
function isWorthRepeating(kind: FailureKind): boolean {
  return (
    failures[kind].retryable ||
    verdictKinds.has(kind) ||
    kind === 'auth' ||
    kind === 'quota' ||
    kind === 'task_not_found'
  );
}

const statusTimeoutMs = 20_000;

/**
 * Fresh addresses of the video of a job, best first, the gateway's own last. They expire and are secrets.
 *
 * @throws {GatewayError} `result_missing` if the job no longer counts as succeeded, the gateway's verdict if it
 *   failed, and any error of the status request itself.
 */
async function resultAddresses(
  gateway: Gateway,
  job: JobRef,
  signal: AbortSignal,
): Promise<string[]> {
  const exchange = { timeoutMs: statusTimeoutMs, signal };
  const status = await askGateway(gateway, job, { ...exchange, doubt: true });
  if (status.state !== 'succeeded') {
    const said = status.failure ? `: ${status.failure.message}` : '';
    const message = `Cannot fetch the video: the gateway now reports job "${job.jobId}" as ${status.state}`;
    const { billed } = jobMoney(status);
    throw new GatewayError(status.failure?.kind ?? 'result_missing', `${message}${said}`, {
      billed,
    });
  }
  if (job.format === 'generations' || status.resultUrls.length > 1) return status.resultUrls;
  const other = await askOtherRoute(gateway, job, exchange);
  return addressesOf(job.format, status, other);
}
