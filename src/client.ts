import {
  Client,
  type ClientInterceptors,
  type Connection,
  type ConnectionLike,
  type ConnectionOptions,
} from '@temporalio/client';
import type { PayloadKey } from './codec/payload-keys.ts';
import type { VideoPhase } from './contract/messages.ts';
import type { HostGeneration } from './contract/models/evaluate-request.ts';
import type { InputStorage, VideoReader } from './contract/video-reader.ts';
import { adoptJob } from './client/adopt-job.ts';
import { createBatchClient } from './client/batch/create-batch-client.ts';
import { clientCodec } from './client/client-codec.ts';
import { cancelVideo, keepVideo, resolveSubmission } from './client/act-on-video.ts';
import { createLedgerClient } from './client/create-ledger-client.ts';
import { createLimitsClient } from './client/limits-client.ts';
import { listVideos } from './client/list-videos.ts';
import { openVideo } from './client/open-video.ts';
import { readVideoStatus } from './client/read-status.ts';
import { createRetentionClient } from './client/retention-client.ts';
import { createScheduleClient } from './client/batch/schedule-client.ts';
import { startVideo } from './client/start-video.ts';
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
  RowIdentity,
  RowProspect,
  StartedBatch,
  WaitForBatchOptions,
} from './client/batch/batch-client.ts';
export type {
  AdoptedVideo,
  AdoptOptions,
  CancelOptions,
  CancelRequest,
  OpenedVideo,
  StartedVideo,
  StartVideoOptions,
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
export type { ListedVideo } from './runs/run-index.ts';
export type { VideoRequest } from './contract/video-request.ts';
export type { VideoStatus, VideoResult, ResolveSubmission } from './contract/messages.ts';

export interface CreateVideoClientOptions {
  /** A client of yours, with its own connection, interceptors and converters. It stays yours to close. */
  client?: Client;
  /** A connection of yours. It stays yours to close. */
  connection?: ConnectionLike;
  /** Where neither is given, a connection is opened with this, and closed by `close()`. */
  connect?: ConnectionOptions;
  /** Where the videos are: for `openVideo`, and so that a video that was removed is not reported as cached. */
  storage?: VideoReader;
  /**
   * The storage of the workers, where long data URIs of requests are put, so that they enter no history. Without it they
   * stay in the request, which may have 256 KB.
   */
  inputs?: InputStorage;
  /** `classic` for a gateway from before the plugins: requests are judged by its rules. Default `plugins`. */
  host?: HostGeneration;
  /** Temporal namespace. Default `default`; ignored where `client` is given. */
  namespace?: string;
  /** Interceptors of Temporal's client, e.g. for traces; ignored where `client` is given. */
  interceptors?: ClientInterceptors;
  /** Keys of the workers, where those encrypt payloads ({@link parsePayloadKeys}); ignored where `client` is given. */
  payloadKeys?: readonly PayloadKey[];
}

/**
 * The client for services: start, status, wait, cancel, list. Holds no worker code and no gateway key.
 *
 * One connection, closed by whoever made it.
 *
 * @throws {VideoClientError} `temporal_unavailable` when a connection is to be opened and nobody answers
 */
export async function createVideoClient(
  options: CreateVideoClientOptions = {},
): Promise<VideoClient> {
  const own = options.client || options.connection ? null : await connect(options.connect);
  const { storage, inputs, host } = options;
  const client = options.client ?? newClient(options.connection ?? own, options);
  const joinWatch = createWatches(client);
  return {
    start: (request, startOptions) =>
      startVideo({ client, storage, inputs, host }, request, startOptions),
    adopt: (job, adoptOptions) => adoptJob(client, job, adoptOptions),
    status: (videoId) => readVideoStatus(client, videoId),
    wait: (videoId, waitOptions) => waitForVideo(joinWatch, videoId, waitOptions),
    cancel: (videoId, cancelOptions) => cancelVideo(client, videoId, cancelOptions),
    keep: (videoId) => keepVideo(client, videoId),
    resolve: (videoId, decision) => resolveSubmission(client, videoId, decision),
    list: (filter?: { phase?: VideoPhase; limit?: number }) => listVideos(client, filter),
    openVideo: (videoId) => openVideo({ client, storage }, videoId),
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

function newClient(
  connection: ConnectionLike | null,
  { namespace = 'default', payloadKeys = [], interceptors = {} }: CreateVideoClientOptions,
): Client {
  if (!connection) throw new TypeError('Cannot create a client without a connection');
  const dataConverter = { payloadCodecs: [clientCodec(payloadKeys)] };
  return new Client({ connection, namespace, dataConverter, interceptors });
}
