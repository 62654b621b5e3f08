import {
  type Client,
  type ClientInterceptors,
  type Connection,
  type ConnectionLike,
  type ConnectionOptions,
} from '@temporalio/client';
import type { CheckCallback } from './contract/callback-url.ts';
import type { PayloadKey } from './codec/payload-keys.ts';
import type { VideoPhase } from './contract/messages.ts';
import type { HostGeneration } from './contract/models/evaluate-request.ts';
import type { InputStorage, VideoReader } from './contract/video-reader.ts';
import { adoptJob } from './client/adopt-job.ts';
import { createBatchClient } from './client/batch/create-batch-client.ts';
import { newTemporal } from './client/new-temporal.ts';
import { cancelVideo, keepVideo, resolveSubmission } from './client/act-on-video.ts';
import { createLedgerClient } from './client/create-ledger-client.ts';
import { createLimitsClient } from './client/limits-client.ts';
import { listVideos } from './client/list-videos.ts';
import { openVideo } from './client/open-video.ts';
import { createRetentionClient } from './client/retention-client.ts';
import { createScheduleClient } from './client/batch/create-schedule-client.ts';
import { startVideo } from './client/start-video.ts';
import { createStatusReader } from './client/status-reader.ts';
import { fullVideoId } from './client/describe-video.ts';
import type { VideoClient } from './client/video-client.ts';
import { waitForVideo } from './client/wait-for-video.ts';
import { createWatches } from './client/watch-videos.ts';

export { VideoClientError } from './client/video-client-error.ts';
export type {
  BatchSchedule,
  CreatedSchedule,
  ScheduleClient,
  ScheduleDetails,
  ScheduleOverlap,
  ScheduleSnapshot,
} from './client/batch/schedule-client.ts';
export type {
  BatchClient,
  BatchOutcome,
  BatchSnapshot,
  ListedBatch,
  StartedBatch,
  WaitForBatchOptions,
} from './client/batch/batch-client.ts';
export type { RowIdentity, RowProspect } from './contract/row-prospect.ts';
export type {
  AdoptedVideo,
  AdoptOptions,
  CancelOptions,
  CancelRequest,
  OpenedVideo,
  StartedVideo,
  VideoClient,
  VideoOutcome,
  VideoSnapshot,
  WaitOptions,
} from './client/video-client.ts';
export type { LedgerCheckSchedule, LedgerClient } from './client/ledger-client.ts';
export type { LimitsClient } from './client/limits-client.ts';
export { admissionId } from './identity/admission-id.ts';
export type { RetentionClient, RetentionSchedule } from './client/retention-client.ts';
export { createPayloadCodec } from './codec/payload-codec.ts';
export { parsePayloadKeys, type PayloadKey } from './codec/payload-keys.ts';
export type { HostGeneration } from './contract/models/evaluate-request.ts';
export type { VideoReader } from './contract/video-reader.ts';
export type { StartVideoOptions } from './client/start-options.ts';
export type { ListedVideo } from './runs/run-index.ts';
export type { VideoRequest } from './contract/video-request.ts';
export type { VideoStatus, VideoResult, ResolveSubmission } from './contract/messages.ts';

/** Options of `createVideoClient`. Without `client` and `connection`, it opens a connection of its own. */
export interface CreateVideoClientOptions {
  /** An existing client, with its own connection, interceptors and converters. `close()` does not close it. */
  client?: Client;
  /** An existing connection. `close()` does not close it. */
  connection?: ConnectionLike;
  /** Options of the connection that is opened if neither `client` nor `connection` is set. Default `localhost:7233`. */
  connect?: ConnectionOptions;
  /** Storage of the videos. `openVideo` reads from it, and `start` checks in it that a cached video still exists. */
  storage?: VideoReader;
  /**
   * The workers' storage. Long data URIs of requests are written to it, which keeps them out of histories. Without it,
   * they stay in the request, which is limited to 256 KiB.
   */
  inputs?: InputStorage;
  /**
   * Checks the `callback_url` of a request before it is started. Without it, the worker refuses a video with a callback
   * that is not allowed, at no cost.
   */
  checkCallback?: CheckCallback;
  /** `classic` for a gateway without plugins, whose rules differ. Default `plugins`. */
  host?: HostGeneration;
  /** Temporal namespace. Default `default`; ignored if `client` is set. */
  namespace?: string;
  /** Interceptors of Temporal's client, e.g. for traces; ignored if `client` is set. */
  interceptors?: ClientInterceptors;
  /** Payload keys of the workers, if they encrypt payloads ({@link parsePayloadKeys}); ignored if `client` is set. */
  payloadKeys?: readonly PayloadKey[];
}

/**
 * Creates the client for services. It contains no worker code and needs no gateway API key.
 *
 * @throws {VideoClientError} `temporal_unavailable` if it opens a connection and no server answers within 5 s
 *
 * @example
 * ```ts
 * import { createVideoClient } from 'onetake';
 *
 * const videos = await createVideoClient({ connect: { address: 'localhost:7233' } });
 * try {
 *   console.log(await videos.list({ phase: 'running' }));
 * } finally {
 *   await videos.close();
 * }
 * ```
 */
export async function createVideoClient(
  options: CreateVideoClientOptions = {},
): Promise<VideoClient> {
  const own = options.client || options.connection ? null : await connect(options.connect);
  const { storage, inputs, host, checkCallback } = options;
  const client = options.client ?? newClient(options.connection ?? own, options);
  const read = createStatusReader(client);
  const joinWatch = createWatches({ client, read });
  return {
    start: (request, startOptions) =>
      startVideo({ client, storage, inputs, host, checkCallback }, request, startOptions),
    adopt: (job, adoptOptions) => adoptJob(client, job, adoptOptions),
    status: async (videoId) => (await read(fullVideoId(videoId), { isDetailed: true })).status,
    wait: (videoId, waitOptions) => waitForVideo(joinWatch, videoId, waitOptions),
    cancel: (videoId, cancelOptions) => cancelVideo(client, videoId, cancelOptions),
    keep: (videoId) => keepVideo(client, videoId),
    resolve: (videoId, decision) => resolveSubmission(client, videoId, decision),
    list: (filter?: { phase?: VideoPhase; limit?: number }) => listVideos(client, filter),
    openVideo: (videoId) => openVideo({ read, storage }, videoId),
    batches: createBatchClient(client),
    schedules: createScheduleClient(client),
    retention: createRetentionClient(client),
    limits: createLimitsClient(client),
    ledger: createLedgerClient(client),
    close: async () => own?.close(),
  };
}

async function connect(options?: ConnectionOptions): Promise<Connection> {
  const { connectOrExplain } = await import('./client/connect.ts');
  return connectOrExplain(options);
}

function newClient(connection: ConnectionLike | null, options: CreateVideoClientOptions): Client {
  if (!connection) throw new TypeError('Cannot create a client without a connection');
  return newTemporal(connection, options);
}
