import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import type { VideoLabels } from '../contract/admission.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { promptWords, runSummary } from '../contract/run-summary.ts';
import { taskQueues, workflowTypes } from '../contract/task-queues.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { asWaiter } from '../contract/waiter.ts';
import { digestOfRun } from '../runs/run-digest.ts';
import { fromIndex } from '../runs/run-index.ts';
import { joinRun } from '../runs/run-messages.ts';
import { describeVideo, type DescribedVideo } from './describe-video.ts';
import { outcomeOfClosed } from '../runs/closed-outcome.ts';
import type { StartedVideo, StartVideoOptions } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/** One request under one workflow id. */
export interface VideoStart {
  videoId: string;
  request: VideoRequest;
  digest: string;
  options: StartVideoOptions;
  labels: VideoLabels;
  waiterId: string;
  spelledId?: string;
  /** A new video is asked for at this moment: an earlier one is no answer. */
  freshSince?: number;
}

export type FoundVideo = Pick<StartedVideo, 'videoId' | 'runId' | 'outcome'> & {
  /** Of a stored video. */
  run?: DescribedVideo;
};

/**
 * Starts a new run, joins one under way, or takes a stored video as it is; never pays again without being told to.
 *
 * @throws {VideoClientError} `key_conflict`, `may_be_billed`
 */
export async function startOne(client: Client, start: VideoStart): Promise<FoundVideo> {
  for (;;) {
    const found = (await startNew(client, start, { again: false })) ?? (await join(client, start));
    if (found) return found;
  }
}

/** Starts a new run under an id that nobody has used; null when somebody has. */
export function startUnused(client: Client, start: VideoStart): Promise<FoundVideo | null> {
  return startNew(client, start, { again: false });
}

/** The id is taken. Null when that has changed meanwhile. */
async function join(client: Client, start: VideoStart): Promise<FoundVideo | null> {
  const { videoId, digest } = start;
  const found = await describeVideo(client, videoId);
  const { runId, closeTime } = found;
  const index = fromIndex(found);
  const isOpen = closeTime === undefined;
  const mayBeStartedAgain = !isOpen && index.phase !== 'stored' && index.billed === 'no';
  if (!mayBeStartedAgain) await demandSame(client, { found, digest });
  if (isOpen) return (await joinRun(client, start)) ? { videoId, runId, outcome: 'joined' } : null;
  if (index.phase === 'stored') return { videoId, runId, outcome: 'cached', run: found };
  if (!mayBeStartedAgain) throw await mayBeBilled(client, found);
  return startNew(client, start, { again: true });
}

/** A run is the video of one request, whoever started it. @throws {VideoClientError} `key_conflict` */
async function demandSame(
  client: Client,
  { found, digest }: { found: DescribedVideo; digest: string },
): Promise<void> {
  const known = await digestOfRun(client, found);
  if (known !== undefined && known !== digest) throw keyConflict(found.workflowId);
}

/** Null when the id is taken: by an open run, or, unless `again`, by a closed one. */
async function startNew(
  client: Client,
  { videoId, request, digest, options, labels, waiterId, spelledId, freshSince }: VideoStart,
  { again }: { again: boolean },
): Promise<FoundVideo | null> {
  const { deadlineMs, submitTimeoutMs, retakes, sendAnyway } = options;
  const input: GenerateVideoInput = {
    request,
    ...asWaiter(waiterId),
    ...labels,
    ...(spelledId !== undefined && { spelledId }),
    ...(freshSince !== undefined && { freshSince }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(submitTimeoutMs !== undefined && { submitTimeoutMs }),
    ...(retakes && { retakes }),
    ...(sendAnyway && { sendAnyway: true }),
  };
  try {
    const handle = await client.workflow.start(workflowTypes.generate, {
      taskQueue: taskQueues.workflows,
      workflowId: videoId,
      args: [input],
      memo: { requestDigest: digest },
      staticSummary: summary(request),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: again
        ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
        : WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
    return { videoId, runId: handle.firstExecutionRunId, outcome: 'started' };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

function keyConflict(videoId: string): VideoClientError {
  return new VideoClientError(
    'key_conflict',
    `"${videoId}" is already the key of another request; choose another key, or another take`,
  );
}

async function mayBeBilled(client: Client, found: DescribedVideo): Promise<VideoClientError> {
  const outcome = await outcomeOfClosed(client, found);
  const failure = outcome.outcome === 'failed' ? outcome.failure : undefined;
  const reason = failure?.message ?? 'it was cancelled after its submit';
  return new VideoClientError(
    'may_be_billed',
    `"${found.workflowId}" has ended after it was, or may have been, billed: ${reason}. Another take pays again`,
    { ...(failure && { failure }) },
  );
}

/** For the list of the Temporal UI: model, length, first words of the prompt. */
function summary({ body }: VideoRequest): string {
  const length = [body.seconds, body.duration].find(isLength);
  const seconds = length === undefined ? [] : [`${length} s`];
  return runSummary(body.model, ...seconds, promptWords(body.prompt));
}

function isLength(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
