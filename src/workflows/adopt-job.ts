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
 * Makes this video the owner of a job before it is adopted; waits for the storage as long as necessary.
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
 * Runs the steps after an adoption and writes the job into the claims meanwhile: until then only the history of this
 * run prevents a second payment for the key. The write is retried while `run` is running and does not block it. If it
 * has not succeeded when `run` ends or is cancelled, it is tried once more.
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

/** The behavior of earlier versions: before polling, with three attempts. */
export async function recordAdopted(input: RecordAdoptedInput): Promise<void> {
  await record(input, reconcileOptions);
}

async function record(input: RecordAdoptedInput, options: ActivityOptions): Promise<void> {
  const activities = proxyActivities<VideoActivities>({
    ...options,
    summary: 'write the adopted job into the claim',
  });
  const recorded = await activities.recordAdopted(input).catch(() => undefined);
  // The input of this run has no request, so later starts of the key compare theirs with the digest of the claim.
  if (recorded?.requestDigest !== undefined && !input.request) {
    upsertMemo({ requestDigest: recorded.requestDigest });
  }
}

function jobTaken({ jobId, owner }: { jobId: string; owner: string }): ApplicationFailure {
  const message = `Job "${jobId}" belongs to the video "${owner}"`;
  return videoFailed({ kind: 'job_taken', message, billed: 'no', jobId });
}
