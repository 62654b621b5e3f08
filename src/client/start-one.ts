import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { VideoLabels } from '../contract/admission.ts';
import { firstAttributes } from '../contract/first-attributes.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { requestMemo, requestMemoName } from '../contract/request-memo.ts';
import { promptWords, runSummary } from '../contract/run-summary.ts';
import { taskQueues, workflowTypes } from '../contract/task-queues.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { asWaiter } from '../contract/waiter.ts';
import { digestOfRun } from '../runs/run-digest.ts';
import { fromIndex } from '../runs/run-index.ts';
import { joinRun } from '../runs/run-messages.ts';
import { describeVideo, type DescribedVideo } from './describe-video.ts';
import { outcomeOfClosed } from '../runs/closed-outcome.ts';
import type { StartVideoOptions } from './start-options.ts';
import type { StartedVideo } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/** gRPC status code. */
const invalidArgument = 3;

/** The start of one request under one workflow id. */
export interface VideoStart {
  videoId: string;
  /** Without `callback_url`. */
  request: VideoRequest;
  digest: string;
  callbackUrl?: string;
  /** Digest with `callback_url`, as versions before webhooks computed it, and as starts by name still do. */
  formerDigest?: string;
  options: StartVideoOptions;
  labels: VideoLabels;
  waiterId: string;
  spelledId?: string;
  /** Milliseconds since the epoch. A new video is required: a video from before does not count. */
  freshSince?: number;
}

/** A started, joined or cached video. */
export type FoundVideo = Pick<StartedVideo, 'videoId' | 'runId' | 'outcome'> & {
  /** Set for a cached video. */
  run?: DescribedVideo;
};

/**
 * Starts a new run, joins an open one, or returns a stored video. Never pays again for an id that was or may have been
 * billed.
 *
 * @throws {VideoClientError} `key_conflict`, `may_be_billed`
 */
export async function startOne(client: Client, start: VideoStart): Promise<FoundVideo> {
  for (;;) {
    const found = (await startNew(client, start, { again: false })) ?? (await join(client, start));
    if (found) return found;
  }
}

/** Starts a new run under an unused id; null if the id has been used. */
export function startUnused(client: Client, start: VideoStart): Promise<FoundVideo | null> {
  return startNew(client, start, { again: false });
}

/** Joins or takes the video with this id. Null if that run has ended in the meantime. */
async function join(client: Client, start: VideoStart): Promise<FoundVideo | null> {
  const { videoId } = start;
  const found = await describeVideo(client, videoId);
  const { runId, closeTime } = found;
  const index = fromIndex(found);
  const isOpen = closeTime === undefined;
  const mayBeStartedAgain = !isOpen && index.phase !== 'stored' && index.billed === 'no';
  if (!mayBeStartedAgain) await demandSame(client, found, start);
  if (isOpen) return (await joinRun(client, start)) ? { videoId, runId, outcome: 'joined' } : null;
  if (index.phase === 'stored') return { videoId, runId, outcome: 'cached', run: found };
  if (!mayBeStartedAgain) throw await mayBeBilled(client, found);
  return startNew(client, start, { again: true });
}

/** Checks that an existing run has the same request. @throws {VideoClientError} `key_conflict` */
async function demandSame(
  client: Client,
  found: DescribedVideo,
  { digest, formerDigest }: Pick<VideoStart, 'digest' | 'formerDigest'>,
): Promise<void> {
  const known = await digestOfRun(client, found);
  if (known !== undefined && known !== digest && known !== formerDigest)
    throw keyConflict(found.workflowId);
}

/** Null if an open run has the id, or, without `again`, a closed one. */
async function startNew(
  client: Client,
  { videoId, request, digest, options, labels, waiterId, ...start }: VideoStart,
  { again }: { again: boolean },
): Promise<FoundVideo | null> {
  const { deadlineMs, submitTimeoutMs, retakes, sendAnyway, memo, fairnessKey } = options;
  const { callbackUrl, spelledId, freshSince } = start;
  const input: GenerateVideoInput = {
    request,
    ...asWaiter(waiterId),
    ...labels,
    ...(callbackUrl !== undefined && { callbackUrls: [callbackUrl] }),
    ...(spelledId !== undefined && { spelledId }),
    ...(freshSince !== undefined && { freshSince }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(submitTimeoutMs !== undefined && { submitTimeoutMs }),
    ...(retakes && { retakes }),
    ...(sendAnyway && { sendAnyway: true }),
  };
  const begin = (indexed: Pick<WorkflowStartOptions, 'typedSearchAttributes'>) =>
    client.workflow.start(workflowTypes.generate, {
      ...indexed,
      taskQueue: taskQueues.workflows,
      workflowId: videoId,
      args: [input],
      memo: {
        ...memo,
        [requestMemoName]: requestMemo(request.body, labels.tags),
        requestDigest: digest,
      },
      ...(fairnessKey !== undefined && { priority: { fairnessKey } }),
      staticSummary: summary(request),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: again
        ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
        : WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  try {
    const handle = await begin({ typedSearchAttributes: firstAttributes(request) }).catch(
      // Before the first worker has registered the attributes. The run writes them itself.
      (error: unknown) => (refusesAttributes(error) ? begin({}) : Promise.reject(error)),
    );
    return { videoId, runId: handle.firstExecutionRunId, outcome: 'started' };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

function refusesAttributes(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isGrpcServiceError(cause) || cause.code !== invalidArgument) return false;
  return /search attribute/i.test(cause.details);
}

function keyConflict(videoId: string): VideoClientError {
  return new VideoClientError(
    'key_conflict',
    `"${videoId}" already belongs to another request; use another key or another take`,
  );
}

async function mayBeBilled(client: Client, found: DescribedVideo): Promise<VideoClientError> {
  const outcome = await outcomeOfClosed(client, found);
  const failure = outcome.outcome === 'failed' ? outcome.failure : undefined;
  const reason = failure?.message ?? 'it was cancelled after its submit';
  return new VideoClientError(
    'may_be_billed',
    `"${found.workflowId}" has ended, and it was or may have been billed: ${reason}. Another take pays again`,
    { ...(failure && { failure }) },
  );
}

/** Shown in the Temporal UI: model, length, first words of the prompt. */
function summary({ body }: VideoRequest): string {
  const length = [body.seconds, body.duration].find(isLength);
  const seconds = length === undefined ? [] : [`${length} s`];
  return runSummary(body.model, ...seconds, promptWords(body.prompt));
}

function isLength(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
