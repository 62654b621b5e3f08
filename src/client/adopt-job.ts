import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import { idProblem, spellingsOf } from '../contract/key-text.ts';
import type { CollectVideoInput } from '../contract/messages.ts';
import { requestMemo, requestMemoName } from '../contract/request-memo.ts';
import { runSummary } from '../contract/run-summary.ts';
import { taskQueues, workflowIdPrefix, workflowTypes } from '../contract/task-queues.ts';
import type { JobRef } from '../contract/video-job.ts';
import { videoJobIdKey } from '../contract/search-attributes.ts';
import { isInvalidArgument } from '../runs/invalid-argument.ts';
import { quoted } from '../runs/quoted.ts';
import { fromIndex } from '../runs/run-index.ts';
import { requestOfRun } from '../runs/run-digest.ts';
import { resolveSubmission } from './act-on-video.ts';
import { describeVideo, fullVideoId, isKnown, type DescribedVideo } from './describe-video.ts';
import type { AdoptedVideo, AdoptOptions } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/**
 * Implements `VideoClient.adopt`.
 *
 * The job is delivered as `videoId`, else as the video that has the job in the index, else as a new video. If that
 * video is open and its submit is unresolved, its run adopts the job.
 */
export async function adoptJob(
  client: Client,
  job: JobRef,
  options: AdoptOptions = {},
): Promise<AdoptedVideo> {
  const { jobId } = job;
  if (jobId === '') throw new VideoClientError('invalid_request', 'The job id must not be empty');
  const { videoId: given, deadlineMs } = options;
  const videoId = given === undefined ? await ownerOf(client, jobId) : await idOf(client, given);
  const input: CollectVideoInput = { ...job, ...(deadlineMs !== undefined && { deadlineMs }) };
  const isNew = await collect(client, { videoId, input, again: false });
  if (isNew) return isNew;
  const found = await describeVideo(client, videoId);
  const isOpen = found.closeTime === undefined;
  const { phase, jobId: known } = fromIndex(found);
  if (known !== undefined && known !== jobId && (isOpen || phase === 'stored')) {
    throw new VideoClientError('key_conflict', `"${videoId}" already has another job, "${known}"`);
  }
  if (isOpen) return joinOpen(client, { found, jobId });
  if (phase === 'stored') return { videoId, runId: found.runId, outcome: 'cached' };
  // A start with this key compares its request with that of the newest run, so the new run has to carry it on.
  const request = await requestOfRun(client, found);
  const told = request ? { ...input, request } : input;
  const again = await collect(client, { videoId, input: told, again: true });
  return (
    again ?? { videoId, runId: (await describeVideo(client, videoId)).runId, outcome: 'joined' }
  );
}

/**
 * The id in the Unicode spelling of an existing run, else in NFC.
 *
 * @throws {VideoClientError} `invalid_request`
 */
async function idOf(client: Client, given: string): Promise<string> {
  const videoId = fullVideoId(given);
  const problem = idProblem(videoId.slice(workflowIdPrefix.length));
  if (problem !== null) {
    throw new VideoClientError(
      'invalid_request',
      `Cannot adopt for "${videoId}": the id ${problem}`,
    );
  }
  const [composed, ...others] = spellingsOf(videoId);
  if (others.length === 0 || (await isKnown(client, composed))) return composed;
  for (const id of others) if (await isKnown(client, id)) return id;
  return composed;
}

/** The video that has this job in the index. If the index lags, the run itself refuses a job of another video. */
async function ownerOf(client: Client, jobId: string): Promise<string> {
  const query = `${videoJobIdKey.name} = ${quoted(jobId)}`;
  try {
    for await (const { workflowId } of client.workflow.list({ query, pageSize: 1 })) {
      return workflowId;
    }
  } catch (error) {
    // The search attributes are not registered yet, so no video has a job.
    if (!isInvalidArgument(error)) throw error;
  }
  return idOf(client, `${workflowIdPrefix}job/${jobId}`);
}

/**
 * Joins an open run with this job, or adopts the job if its submit is unresolved. @throws {VideoClientError}
 * `wrong_phase`
 */
async function joinOpen(
  client: Client,
  { found, jobId }: { found: DescribedVideo; jobId: string },
): Promise<AdoptedVideo> {
  const { runId, workflowId: videoId, type } = found;
  const { phase, jobId: known } = fromIndex(found);
  const collects = type === workflowTypes.collect;
  if (known === jobId || collects) return { videoId, runId, outcome: 'joined' };
  if (phase !== 'unresolved') {
    const message = `"${videoId}" is under way (${phase}) and has no job yet: try again later`;
    throw new VideoClientError('wrong_phase', message);
  }
  await resolveSubmission(client, videoId, { action: 'adopt', jobId });
  return { videoId, runId, outcome: 'resolved' };
}

/** Starts a run that sends no POST, so another start costs nothing. Null if the id is in use. */
async function collect(
  client: Client,
  { videoId, input, again }: { videoId: string; input: CollectVideoInput; again: boolean },
): Promise<AdoptedVideo | null> {
  try {
    const handle = await client.workflow.start(workflowTypes.collect, {
      taskQueue: taskQueues.workflows,
      workflowId: videoId,
      args: [input],
      ...(input.request && {
        memo: { [requestMemoName]: requestMemo(input.request.body) },
      }),
      staticSummary: runSummary('adopted', input.format, input.jobId),
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
