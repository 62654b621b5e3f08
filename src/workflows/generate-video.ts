import { continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import { callbackUrlsOf, joinedOf } from '../contract/callback-url.ts';
import type { GenerateVideoInput, VideoResult } from '../contract/messages.ts';
import { retakesLeft } from '../contract/retakes.ts';
import { asWaiter } from '../contract/waiter.ts';
import { listenForAdmissionReady, withSlot } from './admission-slot.ts';
import { collect, endHonestly } from './collect-video.ts';
import { listenForWaiters, type Waiters } from './waiters.ts';
import { tellingBatch } from './batch/row-phase.ts';
import { listenForJobEvents } from './job-events.ts';
import type { KeepSteps } from './keep-video.ts';
import { withRetakes, type TakeFrom } from './retake.ts';
import { submitUntilAccepted } from './submit-until-accepted.ts';
import { startTracking } from './video-tracker.ts';
import { announcedEnd, announcing, createAnnouncer, type Announcer } from './webhooks/announcer.ts';

/**
 * Generates one video: submit when admitted → poll → deliver. At most one paid POST across all crashes and retries;
 * with `retakes`, one more for each take that failed at no cost.
 *
 * Returns the stored video, or fails with an ApplicationFailure with a `FailureKind` as its `type` and a
 * `VideoFailure` in `details[0]`. The status of a cancelled run says what the cancellation achieved.
 */
export async function generateVideoWorkflow(input: GenerateVideoInput): Promise<VideoResult> {
  const { waiterIds: _, askers: _former, announced: _before, ...asked } = input;
  const { request } = input;
  const announcer = createAnnouncer({ ...input, callbackUrls: callbackUrlsOf(input) });
  const tracking = startTracking({ format: request.format, model: request.body.model });
  const tracker = announcing(tellingBatch(tracking, input), announcer);
  const events = listenForJobEvents();
  const admissionReady = listenForAdmissionReady();
  const waiters = listenForWaiters(input, (url) => announcer.call(url));
  const takeOne = async (steps: KeepSteps, { firstSubmit, accepted }: TakeFrom) => {
    const { workflowId: claimKey } = workflowInfo();
    const submitted = await submitUntilAccepted({
      input: asked,
      claimKey,
      firstSubmit,
      tracker,
      admissionReady,
      steps,
      announcer,
    });
    accepted(submitted.claimKey);
    const job = { format: request.format, jobId: submitted.jobId };
    const rest = () => collect({ ...submitted, job, request, tracker, events, announcer });
    if (!submitted.admitted) return rest();
    return withSlot({ tracker, admissionId: submitted.admissionId }, rest);
  };
  const { retakes } = input;
  const takeOften = (steps: KeepSteps) =>
    withRetakes({ retakes, tracker }, (from) => takeOne(steps, from));
  const end = beginAgainForLatecomers(endHonestly(tracker, takeOften, waiters), () => {
    const { retakes: _given, ...again } = asked;
    const left = retakesLeft(retakes, tracker.status().failedTakes?.length ?? 0);
    return { input: { ...again, ...(left && { retakes: left }) }, waiters, announcer };
  });
  return announcedEnd(end, announcer);
}

/**
 * Callers that joined a run during its cancellation were promised the video. The run continues as new for them under
 * the same claim, which finds what was paid.
 */
async function beginAgainForLatecomers(
  end: Promise<VideoResult>,
  again: () => { input: GenerateVideoInput; waiters: Waiters; announcer: Announcer },
): Promise<VideoResult> {
  try {
    return await end;
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const { input, waiters, announcer } = again();
    const [waiterId, ...others] = await latecomersOf(waiters, announcer);
    if (waiterId === undefined) throw error;
    const announced = announcer.announced();
    const joinedCallbackUrls = joinedOf(input, announcer.callbackUrls());
    return continueAsNew<typeof generateVideoWorkflow>({
      ...input,
      ...(Object.keys(announced).length > 0 && { announced }),
      ...(joinedCallbackUrls.length > 0 && { joinedCallbackUrls }),
      ...asWaiter(waiterId),
      waiterIds: others,
      askers: others,
    });
  }
}

/** A cancellation is announced only if no waiter is left. */
async function latecomersOf(waiters: Waiters, announcer: Announcer): Promise<string[]> {
  const late = await waiters.latecomers();
  if (late.length > 0) return late;
  announcer.cancelled();
  await announcer.settled();
  // Some may have joined meanwhile.
  return waiters.latecomers();
}
