import {
  CancellationScope,
  proxyActivities,
  upsertMemo,
  workflowInfo,
  type ActivityOptions,
  type ApplicationFailure,
} from '@temporalio/workflow';
import type { RecordAdoptedInput, VideoActivities } from '../contract/activities.ts';
import {
  lastRecordOptions,
  ownerOptions,
  reconcileOptions,
  recordOptions,
} from './activity-options.ts';
import { videoFailed } from './failures.ts';

/**
 * Makes this video the owner of a job, before it is adopted; waits for the storage as long as it takes.
 *
 * @throws {ApplicationFailure} `job_taken`: the job belongs to another video
 */
export async function takeJob(jobId: string): Promise<void> {
  const activities = proxyActivities<VideoActivities>({
    ...ownerOptions,
    summary: 'make this video the owner of the job',
  });
  const { videoId } = await activities.takeJob({ jobId });
  if (videoId !== workflowInfo().workflowId) throw jobTaken({ jobId, owner: videoId });
}

/**
 * Runs what follows an adoption, and writes the job into the claims meanwhile: until then only the history of this run
 * keeps the key from being paid again. The write is retried while `run` is running, and does not block it. Where it
 * has not succeeded when `run` ends, by a cancellation as well, it is tried once more.
 */
export async function whileRecording<T>(
  input: RecordAdoptedInput,
  run: () => Promise<T>,
): Promise<T> {
  const shield = new CancellationScope({ cancellable: false });
  const writing = new CancellationScope({ cancellable: true, parent: shield });
  let isOver = false;
  const written = writing.run(() => record(input, recordOptions)).then(() => (isOver = true));
  try {
    return await run();
  } finally {
    const isOpen = !isOver;
    writing.cancel();
    await written;
    if (isOpen) await shield.run(() => record(input, lastRecordOptions));
  }
}

/** As runs of earlier versions do it: before the watch, and given up after three attempts. */
export async function recordAdopted(input: RecordAdoptedInput): Promise<void> {
  await record(input, reconcileOptions);
}

async function record(input: RecordAdoptedInput, options: ActivityOptions): Promise<void> {
  const activities = proxyActivities<VideoActivities>({
    ...options,
    summary: 'write the adopted job into the claim',
  });
  const recorded = await activities.recordAdopted(input).catch(() => undefined);
  // The request is not in the input of this run: whoever asks for the key compares with the digest of the claim.
  if (recorded?.requestDigest !== undefined && !input.request) {
    upsertMemo({ requestDigest: recorded.requestDigest });
  }
}

function jobTaken({ jobId, owner }: { jobId: string; owner: string }): ApplicationFailure {
  const message = `Job "${jobId}" belongs to the video "${owner}"`;
  return videoFailed({ kind: 'job_taken', message, billed: 'no', jobId });
}
