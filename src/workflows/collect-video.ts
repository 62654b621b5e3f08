import {
  CancelledFailure,
  patched,
  workflowInfo,
  type ApplicationFailure,
  proxyActivities,
} from '@temporalio/workflow';
import { isResubmitId } from '../contract/key-text.ts';
import { callbackUrlsOf } from '../contract/callback-url.ts';
import type { CollectVideoInput, VideoResult } from '../contract/messages.ts';
import type { JobRef } from '../contract/video-job.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { defaultDeadlineMs, deliverOptions } from './activity-options.ts';
import { recordAdopted, takeJob, whileRecording } from './adopt-job.ts';
import type { Waiters } from './waiters.ts';
import { rethrowMissingActivity, isCancel, toVideoFailure, videoFailed } from './failures.ts';
import { listenForKeep, type KeepSteps } from './keep-video.ts';
import { listenForJobEvents, type JobEvents } from './job-events.ts';
import type { AcceptedSubmit } from './submit-outcome.ts';
import { startTracking, type VideoTracker } from './video-tracker.ts';
import { watchJob } from './watch-job.ts';
import { announcedEnd, announcing, createAnnouncer, type Announcer } from './webhooks/announcer.ts';
import type { DeliveredVideo, StoreVideoInput, VideoActivities } from '../contract/activities.ts';

/**
 * Polls and delivers an existing job as the video with the id of this run. A job of another video is refused
 * (`job_taken`). Ends like `generateVideoWorkflow`.
 */
export async function collectVideoWorkflow(input: CollectVideoInput): Promise<VideoResult> {
  const { format, jobId, request } = input;
  const announcer = createAnnouncer(request ? { callbackUrls: callbackUrlsOf({ request }) } : {});
  const tracking = startTracking({ format, ...(request && { model: request.body.model }) });
  const tracker = announcing(tracking, announcer);
  const events = listenForJobEvents();
  const submittedAt = workflowInfo().startTime.getTime();
  const job = { format, jobId };
  const { workflowId: claimKey } = workflowInfo();
  const deadlineAt = submittedAt + (input.deadlineMs ?? defaultDeadlineMs);
  const facts = { claimKey, submittedAt, deadlineAt, billed: 'maybe' } as const;
  const rest = { job, ...facts, ...(request && { request }), tracker, events, announcer };
  const end = endHonestly(tracker, async () => {
    if (isResubmitId(claimKey) && patched('own-id')) throw notItsOwn(claimKey);
    if (!patched('job-owners')) return collect(rest);
    await takeJob(jobId);
    const adopted = { claimKey, job, submittedAt, ...(request && { request }) };
    if (patched('record-beside-watch')) return collect({ ...rest, adopted });
    const recording = recordAdopted(adopted);
    const result = await collect(rest);
    await recording;
    return result;
  });
  return announcedEnd(end, announcer);
}

/** A claim with such a key belongs to another video; a run with this id would write into it. */
function notItsOwn(id: string): ApplicationFailure {
  const message = `The id "${id}" has the form of a resubmit of another video: choose another id`;
  return videoFailed({ kind: 'invalid_request', billed: 'no', message });
}

export interface CollectOptions extends Omit<AcceptedSubmit, 'jobId'> {
  job: JobRef;
  request?: VideoRequest;
  tracker: VideoTracker;
  events: JobEvents;
  announcer: Announcer;
}

/** The steps for every paid job: poll it until its verdict, then store the video. */
export async function collect(options: CollectOptions): Promise<VideoResult> {
  const { job, submittedAt, deadlineAt, billed, expected, tracker } = options;
  const expecting = expected && { expected };
  tracker.accepted({ jobId: job.jobId, submittedAt, deadlineAt, billed, ...expecting });
  const { announce, ...video } = await storedOrWatched(options);
  tracker.stored(video);
  options.announcer.completed(announce === true);
  const { warnings } = tracker.status();
  const told = options.paidBefore ? ({ paidBefore: true } as const) : {};
  return { video, jobId: job.jobId, billed: 'yes', warnings, ...told };
}

async function storedOrWatched(options: CollectOptions): Promise<DeliveredVideo> {
  const { adopted, stored, announce } = options;
  if (stored) return { ...stored, ...(announce && { announce }) };
  const watch = () => watchAndDeliver(options);
  return adopted ? whileRecording(adopted, watch) : watch();
}

async function watchAndDeliver(options: CollectOptions): Promise<DeliveredVideo> {
  const { job, account, request, timing, paidBefore, tracker } = options;
  const { charged, jobMs } = await watchJob(options);
  tracker.delivering();
  return deliverVideo({
    job,
    ...(account && { account }),
    ...(request && { request }),
    ...(charged && { charged }),
    // A job of an earlier run may have been found long after its end.
    ...(jobMs !== undefined && !paidBefore && { jobMs }),
    ...(timing && !paidBefore && { timing }),
  });
}

/** Runs a video to its end and writes the outcome into status and search attributes before the run closes. */
export async function endHonestly(
  tracker: VideoTracker,
  run: (steps: KeepSteps) => Promise<VideoResult>,
  waiters?: Waiters,
): Promise<VideoResult> {
  const steps = listenForKeep(tracker, waiters);
  try {
    return await run(steps);
  } catch (error) {
    rethrowMissingActivity(error);
    if (isCancel(error)) {
      tracker.cancelled();
      await steps.answered();
      throw error instanceof CancelledFailure
        ? error
        : new CancelledFailure('The video was cancelled');
    }
    const failure = toVideoFailure(error, tracker.status());
    tracker.failed(failure);
    await steps.answered();
    throw videoFailed(failure, error);
  }
}

/** Downloads, verifies and stores the video of a succeeded job. */
function deliverVideo(delivery: Omit<StoreVideoInput, 'videoId'>): Promise<DeliveredVideo> {
  const { storeVideo } = proxyActivities<VideoActivities>({
    ...deliverOptions,
    summary: 'download, verify, store',
  });
  return storeVideo({ ...delivery, videoId: workflowInfo().workflowId });
}
