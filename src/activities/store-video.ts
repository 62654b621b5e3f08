import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { StoreVideoInput, VideoActivities } from '../contract/activities.ts';
import { failures, type FailureKind } from '../contract/failure.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { JobRef } from '../contract/video-job.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { GatewayError } from '../gateway/gateway-error.ts';
import { videoKey } from '../storage/object-key.ts';
import type { StagedFile, VideoStorage } from '../storage/video-storage.ts';
import { askGateway, askOtherRoute } from './ask-gateway.ts';
import { checkVideo } from './check-video.ts';
import { describeError, jobFailed } from './to-application-failure.ts';

const statusTimeoutMs = 20_000;
/** Until the head of an answer: a proxying gateway fetches from the vendor first. */
const headersTimeoutMs = 60_000;
/** Without a byte for this long a stream is dead; below the heartbeat timeout of the activity. */
const idleTimeoutMs = 45_000;
/**
 * How often the server hears of us; it answers with a cancellation. Also while no byte comes: a stalled stream is ended
 * by the idle limit above, not by a missing heartbeat.
 */
const heartbeatEveryMs = 5_000;
/** Kinds that more tries may mend, but not for ever: about 10 minutes of back-off. */
const boundedKinds = new Set<FailureKind>([
  'result_missing',
  'truncated',
  'not_video',
  'task_failed',
]);
const boundedAttempts = 8;

export interface StoreVideoOptions {
  gateway: Gateway;
  storage: VideoStorage;
  /** Larger videos are refused, while streaming and by their declared length. */
  maxBytes: number;
}

/**
 * Downloads, verifies and stores the video of a succeeded job; nothing is visible under its key before all of that.
 *
 * Each attempt asks for fresh addresses (they lapse and are secrets) and tries them in order. Failures are retried by
 * Temporal; final are the kinds that no further try can mend. `billed` is always yes: the job has succeeded.
 */
export function createStoreVideo(options: StoreVideoOptions): VideoActivities['storeVideo'] {
  return async (input) => {
    const { cancellationSignal, cancelled, heartbeat } = Context.current();
    const progress = { receivedBytes: 0 };
    heartbeat(progress);
    const beat = setInterval(() => heartbeat(progress), heartbeatEveryMs);
    try {
      const urls = await resultUrls(options.gateway, input.job, cancellationSignal);
      return await firstWhole({ ...options, progress }, input, urls);
    } catch (error) {
      if (cancellationSignal.aborted) return cancelled;
      throw deliveryFailed(error, input.job);
    } finally {
      clearInterval(beat);
    }
  };
}

interface Download extends StoreVideoOptions {
  /** What the heartbeat tells. */
  progress: { receivedBytes: number };
}

async function resultUrls(gateway: Gateway, job: JobRef, signal: AbortSignal): Promise<string[]> {
  const exchange = { timeoutMs: statusTimeoutMs, signal };
  const status = await askGateway(gateway, job, { ...exchange, doubt: true });
  if (status.state !== 'succeeded') {
    const message = `Cannot fetch the video: the gateway now calls job "${job.jobId}" ${status.state}`;
    throw new GatewayError('result_missing', message);
  }
  if (job.format === 'generations' || status.resultUrls.length > 1) return status.resultUrls;
  const other = await askOtherRoute(gateway, job, exchange);
  return [...new Set([...(other?.resultUrls ?? []), ...status.resultUrls])];
}

/** The addresses in order; the first that gives a whole video wins, else the most telling error is thrown. */
async function firstWhole(
  options: Download,
  input: StoreVideoInput,
  urls: string[],
): Promise<StoredVideo> {
  const errors: GatewayError[] = [];
  for (const url of urls) {
    try {
      return await fetchOne(options, input, url);
    } catch (error) {
      if (Context.current().cancellationSignal.aborted || !(error instanceof GatewayError))
        throw error;
      errors.push(error);
    }
  }
  throw (
    mostTelling(errors) ?? new GatewayError('result_missing', 'The job has no address to fetch')
  );
}

async function fetchOne(
  { gateway, storage, maxBytes, progress }: Download,
  { videoId, request }: StoreVideoInput,
  url: string,
): Promise<StoredVideo> {
  const { cancellationSignal: signal } = Context.current();
  const key = videoKey(videoId);
  const result = await gateway.openResult({ url }, { signal, headersTimeoutMs, idleTimeoutMs });
  let staged: StagedFile | undefined;
  try {
    checkSize(result.contentLength ?? 0, maxBytes);
    staged = await storage.stage(key);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of result.body) {
      sizeBytes += chunk.length;
      checkSize(sizeBytes, maxBytes);
      hash.update(chunk);
      await staged.write(chunk);
      progress.receivedBytes = sizeBytes;
    }
    checkLength(sizeBytes, result.contentLength);
    const facts = await checkVideo({ readAt: staged.readAt, sizeBytes }, request);
    await staged.commit();
    const sha256 = hash.digest('hex');
    return { key, uri: storage.uriOf(key), sizeBytes, sha256, contentType: 'video/mp4', ...facts };
  } finally {
    result.close();
    await staged?.discard();
  }
}

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes > maxBytes) {
    throw new GatewayError('too_large', `The video has more than ${maxBytes} bytes`);
  }
}

function checkLength(sizeBytes: number, declared: number | undefined): void {
  if (declared !== undefined && sizeBytes < declared) {
    throw new GatewayError('truncated', `Received ${sizeBytes} of ${declared} bytes`);
  }
}

/** A file that came, but cut, says more than an address that answered nothing. */
const telling: FailureKind[] = [
  'too_large',
  'truncated',
  'not_video',
  'blocked_url',
  'result_missing',
];

function mostTelling(errors: GatewayError[]): GatewayError | undefined {
  const kinds = errors.map(({ kind }) => kind);
  const temporary = kinds.findIndex(
    (kind) => kind === 'gateway_unavailable' || kind === 'rate_limited',
  );
  if (temporary >= 0) return errors[temporary];
  const kind = telling.find((candidate) => kinds.includes(candidate));
  return kind ? errors[kinds.indexOf(kind)] : errors[0];
}

function deliveryFailed(error: unknown, job: JobRef) {
  const failure = {
    ...describeError(error, 'result_missing'),
    billed: 'yes' as const,
    jobId: job.jobId,
  };
  const spent = Context.current().info.attempt >= boundedAttempts && boundedKinds.has(failure.kind);
  return jobFailed(failure, { nonRetryable: spent || !isWorthRepeating(failure.kind) });
}

/** A refused key or a job out of sight may come back within the 24 h that the links live. */
function isWorthRepeating(kind: FailureKind): boolean {
  return (
    failures[kind].retryable || kind === 'auth' || kind === 'quota' || kind === 'task_not_found'
  );
}
