import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import type { CollectVideoInput } from '../contract/messages.ts';
import { taskQueues, workflowIdPrefix, workflowTypes } from '../contract/task-queues.ts';
import type { JobRef } from '../contract/video-job.ts';
import { describeVideo, fromIndex, fullVideoId } from './describe-video.ts';
import type { AdoptedVideo, AdoptOptions } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

export async function adoptJob(
  client: Client,
  job: JobRef,
  options: AdoptOptions = {},
): Promise<AdoptedVideo> {
  if (job.jobId === '')
    throw new VideoClientError('invalid_request', 'The job id must not be empty');
  const videoId = fullVideoId(options.videoId ?? `${workflowIdPrefix}job/${job.jobId}`);
  const { deadlineMs } = options;
  const input: CollectVideoInput = { ...job, ...(deadlineMs !== undefined && { deadlineMs }) };
  const isNew = await collect(client, { videoId, input, again: false });
  if (isNew) return isNew;
  const found = await describeVideo(client, videoId);
  const isOpen = found.closeTime === undefined;
  const outcome = isOpen ? 'joined' : 'hit';
  const { phase, jobId } = fromIndex(found);
  if (jobId !== undefined && jobId !== job.jobId && (isOpen || phase === 'stored')) {
    throw new VideoClientError('key_conflict', `"${videoId}" stands for another job, "${jobId}"`);
  }
  if (isOpen || phase === 'stored') return { videoId, runId: found.runId, outcome };
  const again = await collect(client, { videoId, input, again: true });
  return (
    again ?? { videoId, runId: (await describeVideo(client, videoId)).runId, outcome: 'joined' }
  );
}

/** Collecting sends no POST: to start it again is free. Null when the id is taken. */
async function collect(
  client: Client,
  { videoId, input, again }: { videoId: string; input: CollectVideoInput; again: boolean },
): Promise<AdoptedVideo | null> {
  try {
    const handle = await client.workflow.start(workflowTypes.collect, {
      taskQueue: taskQueues.workflows,
      workflowId: videoId,
      args: [input],
      staticSummary: `adopted · ${input.format} · ${input.jobId}`,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: again
        ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
        : WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
    return { videoId, runId: handle.firstExecutionRunId, outcome: 'miss' };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}
