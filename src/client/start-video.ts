import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import { checkRequest } from '../contract/check-request.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { taskQueues, workflowTypes } from '../contract/task-queues.ts';
import { readRequest } from '../contract/read-request.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { requestDigest } from '../request-digest.ts';
import { videoId as videoIdOf } from '../workflow-id.ts';
import { describeVideo, fromIndex } from './describe-video.ts';
import { outcomeOfClosed } from './read-outcome.ts';
import type { StartedVideo, StartVideoOptions } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

const summaryPromptLength = 60;
const graphemes = new Intl.Segmenter();

export async function startVideo(
  client: Client,
  given: VideoRequest,
  options: StartVideoOptions = {},
): Promise<StartedVideo> {
  const request = parse(given);
  const { refusals, warnings } = checkRequest(request);
  const [refusal] = refusals;
  if (refusal) {
    throw new VideoClientError('invalid_request', `"${refusal.field}": ${refusal.message}`);
  }
  const videoId = identify(request, options);
  const digest = requestDigest(request);
  const started = await startNew(client, { videoId, request, digest, options, again: false });
  if (started) return { ...started, warnings };
  return { ...(await joinOrRestart(client, { videoId, request, digest, options })), warnings };
}

interface Start {
  videoId: string;
  request: VideoRequest;
  digest: string;
  options: StartVideoOptions;
}

/** Null when the id is taken: by an open run, or, unless `again`, by a closed one. */
async function startNew(
  client: Client,
  { videoId, request, digest, options, again }: Start & { again: boolean },
): Promise<Omit<StartedVideo, 'warnings'> | null> {
  const { deadlineMs, submitTimeoutMs } = options;
  const input: GenerateVideoInput = {
    request,
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(submitTimeoutMs !== undefined && { submitTimeoutMs }),
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

/** The id is taken: join a run under way, take a stored video as it is, and never pay again without being told to. */
async function joinOrRestart(
  client: Client,
  start: Start,
): Promise<Omit<StartedVideo, 'warnings'>> {
  const { videoId, digest } = start;
  const found = await describeVideo(client, videoId);
  const known = found.memo?.requestDigest;
  const index = fromIndex(found);
  const isOpen = found.closeTime === undefined;
  const mayBeStartedAgain = !isOpen && index.phase !== 'stored' && index.billed === 'no';
  if (known !== undefined && known !== digest && !mayBeStartedAgain) throw keyConflict(videoId);
  if (isOpen) return { videoId, runId: found.runId, outcome: 'joined' };
  if (index.phase === 'stored') return { videoId, runId: found.runId, outcome: 'hit' };
  if (!mayBeStartedAgain) throw await mayBeBilled(client, videoId);
  return (await startNew(client, { ...start, again: true })) ?? joinOrRestart(client, start);
}

function keyConflict(videoId: string): VideoClientError {
  return new VideoClientError(
    'key_conflict',
    `"${videoId}" is already the key of another request; choose another key, or another take`,
  );
}

async function mayBeBilled(client: Client, videoId: string): Promise<VideoClientError> {
  const outcome = await outcomeOfClosed(client, videoId);
  const failure = outcome.outcome === 'failed' ? outcome.failure : undefined;
  const reason = failure?.message ?? 'it was cancelled after its submit';
  return new VideoClientError(
    'may_be_billed',
    `"${videoId}" has ended after it was, or may have been, billed: ${reason}. Another take pays again`,
    { ...(failure && { failure }) },
  );
}

function parse(given: VideoRequest): VideoRequest {
  const read = readRequest(given);
  if (read.ok) return read.request;
  throw new VideoClientError('invalid_request', `"${read.field}": ${read.message}`);
}

function identify(request: VideoRequest, options: StartVideoOptions): string {
  try {
    return videoIdOf(request, options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new VideoClientError('invalid_request', cause.message, { cause });
  }
}

/** For the list of the Temporal UI: model, length, first words of the prompt. */
function summary({ body }: VideoRequest): string {
  const length = [body.seconds, body.duration].find(isLength);
  const words = body.prompt.replace(/\s+/g, ' ').trim();
  const characters = Array.from(graphemes.segment(words), ({ segment }) => segment);
  const shown =
    characters.length > summaryPromptLength
      ? `${characters.slice(0, summaryPromptLength).join('')}…`
      : words;
  return [body.model, ...(length === undefined ? [] : [`${length} s`]), shown].join(' · ');
}

function isLength(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
