import { patched } from '@temporalio/workflow';
import type { SubmitFailure, SubmittedVideo } from '../contract/activities.ts';
import { claimKeyOf } from '../contract/claim-key.ts';
import type { Billed } from '../contract/failure.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { defaultDeadlineMs } from './activity-options.ts';
import { recordAdopted } from './adopt-job.ts';
import type { AdmissionReady } from './admission-slot.ts';
import { askAgain, refusedSubmit } from './ask-again.ts';
import { holdingSlot } from './doubt-slot.ts';
import { videoFailed } from './failures.ts';
import type { KeepSteps } from './keep-video.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { neverSent, sendSubmit, type Submit } from './send-submit.ts';
import type { AcceptedSubmit, UnknownSubmit } from './submit-outcome.ts';
import type { VideoTracker } from './video-tracker.ts';
import type { Announcer } from './webhooks/announcer.ts';

/** Used if the admission gives no time for the next request. */
const defaultAskAgainMs = 60_000;

export interface SubmitOptions {
  input: GenerateVideoInput;
  claimKey: string;
  /** Number of the first submit of the video to send. Default 1. */
  firstSubmit?: number;
  tracker: VideoTracker;
  admissionReady: AdmissionReady;
  steps: KeepSteps;
  announcer: Pick<Announcer, 'tell'>;
}

interface AdoptedJob {
  jobId: string;
  /** Absent if a person named the job. */
  submittedAt?: number;
}

/**
 * Returns one accepted job. Another POST is sent only if the earlier ones certainly cost nothing, or if a person
 * decides to submit again.
 *
 * Refused: throws. Not accepted: submits again after a durable, bounded back-off. Unknown: waits without limit until
 * the gateway's records or a person resolve the submit; the workflow never guesses.
 */
export async function submitUntilAccepted(options: SubmitOptions): Promise<AcceptedSubmit> {
  const { input, tracker, steps } = options;
  const unknowns = resolveUnknown(input.request, tracker, () =>
    options.announcer.tell('video.unresolved'),
  );
  const { firstSubmit = 1 } = options;
  const course: Course = {
    take: firstSubmit,
    billedBefore: 'no',
    refusals: 0,
    startedAt: Date.now(),
  };
  for (;;) {
    const claimKey = claimKeyOf(options.claimKey, course.take);
    const fromMs = Date.now();
    const { billedBefore } = course;
    const facts = { claimKey, ...(billedBefore === 'maybe' && { billedBefore }) };
    const sent = { input, claimKey, tracker, billedBefore };
    const { outcome, heldBy, unanswered } = await steps.run(billedBefore, () => sendSubmit(sent));
    if (!('outcome' in outcome)) return { ...accepted(outcome, input), ...facts };
    if (outcome.outcome === 'refused') throw refusedSubmit(outcome, tracker);
    if (outcome.outcome === 'not_accepted') {
      await pause(outcome, course, options);
      continue;
    }
    const sentAt = { fromMs, toMs: Date.now() };
    const unknown = { failure: outcome, claimKey, ...sentAt, ...(unanswered && { unanswered }) };
    const { decision, slot } = await holdingSlot(heldBy, () => unknowns.next(unknown));
    if (decision.action === 'adopt') {
      return { ...(await adopt(decision, { unknown, input, tracker })), ...facts, ...slot };
    }
    if (decision.action === 'abandon') {
      throw videoFailed({ ...outcome, kind: 'abandoned', billed: knownBilled(tracker) });
    }
    if (decision.action === 'not sent') {
      tracker.submitting();
      await pause(await neverSent({ heldBy, billedBefore }), course, options);
      continue;
    }
    if (decision.action === 'resubmit') followUp(course, 'maybe');
    else await pauseAfterProof(unknown, course, options);
    tracker.submitting();
  }
}

/** Progress of a run towards an accepted job. */
interface Course {
  /** Counts the claim keys. */
  take: number;
  /**
   * Whether earlier submits of this run may have been billed. After a person has decided to submit again, the earlier
   * POST may still have been billed.
   */
  billedBefore: 'no' | 'maybe';
  refusals: number;
  startedAt: number;
}

/** The next submit takes the next claim key. */
function followUp(course: Course, billed: Billed): void {
  course.take += 1;
  if (billed !== 'no') course.billedBefore = 'maybe';
}

/** Waits after a submit that sent nothing or created no job. */
async function pause(
  failure: SubmitFailure,
  course: Course,
  { admissionReady, tracker, steps }: SubmitOptions,
): Promise<void> {
  if (failure.waiting) {
    const { billedBefore } = course;
    const waiting = { admissionReady, tracker, billedBefore };
    course.startedAt += await steps.run(billedBefore, () => waitForAdmission(failure, waiting));
    return;
  }
  if (failure.closedKey) followUp(course, failure.billed);
  // A claim of an earlier run gave this answer, so the next key is tried without a pause.
  if (failure.closedKey && failure.held) return;
  if (!failure.held) course.refusals += 1;
  await steps.run(failure.billed, () => askAgain(failure, { ...course, tracker }));
}

/** The time spent waiting for the proof does not count towards the patience for refusals. */
async function pauseAfterProof(
  { failure, toMs }: UnknownSubmit,
  course: Course,
  { tracker, steps }: SubmitOptions,
): Promise<void> {
  course.refusals += 1;
  course.startedAt += Date.now() - toMs;
  if (!patched('not-billed-back-off')) return;
  tracker.submitting();
  const proved = notBilled(failure, course.billedBefore);
  await steps.run(proved.billed, () => askAgain(proved, { ...course, tracker }));
}

/** Holds no slot while it waits, neither here nor at the gateway. Returns the time waited in milliseconds. */
async function waitForAdmission(
  failure: SubmitFailure,
  {
    admissionReady,
    tracker,
    billedBefore,
  }: Pick<SubmitOptions, 'admissionReady' | 'tracker'> & Pick<Submit, 'billedBefore'>,
): Promise<number> {
  const since = Date.now();
  const { retryAfterMs = defaultAskAgainMs, queue, ...told } = failure;
  const untilMs = since + retryAfterMs;
  tracker.waiting(billedBefore, { failure: told, untilMs, ...(queue && { queue }) });
  await admissionReady.next(retryAfterMs);
  tracker.submitting();
  return Date.now() - since;
}

/** The records prove that an unclear answer was a failure of the gateway or its vendor, at no cost. */
function notBilled(failure: SubmitFailure, billed: SubmitFailure['billed']): SubmitFailure {
  const message = `${failure.message}; the gateway's own records say that nothing was billed`;
  return { ...failure, kind: 'no_channel', outcome: 'not_accepted', message, billed };
}

/** Whether an unresolved submit was billed: the records may have proved the charge. */
function knownBilled(tracker: VideoTracker): 'yes' | 'maybe' {
  return tracker.status().billed === 'yes' ? 'yes' : 'maybe';
}

function accepted(submitted: SubmittedVideo, input: GenerateVideoInput): AcceptedSubmit {
  const { jobId, submittedAt } = submitted;
  return {
    jobId,
    submittedAt,
    deadlineAt: submittedAt + (input.deadlineMs ?? submitted.deadlineMs),
    billed: 'yes',
    ...(submitted.account && { account: submitted.account }),
    ...(submitted.stored && { stored: submitted.stored }),
    ...(submitted.announce && { announce: submitted.announce }),
    ...(submitted.billedBefore && { billedBefore: submitted.billedBefore }),
    ...(submitted.foundInClaim && { paidBefore: true }),
    ...(submitted.admitted && { admitted: true }),
    ...(submitted.admissionId !== undefined && { admissionId: submitted.admissionId }),
    ...(submitted.timing && { timing: submitted.timing }),
    ...(submitted.told && { told: true }),
    ...(submitted.expected && { expected: submitted.expected }),
  };
}

/** For a job that a person named; a job from the gateway's log is in the claim already. */
async function adopt(
  decision: AdoptedJob,
  {
    unknown,
    input,
    tracker,
  }: { unknown: UnknownSubmit; input: GenerateVideoInput; tracker: VideoTracker },
): Promise<AcceptedSubmit> {
  const job = adopted(decision, { unknown, input, billed: knownBilled(tracker) });
  // The person sees at once that the submit is resolved; the claim is written afterwards.
  tracker.accepted(job);
  if (decision.submittedAt !== undefined || !patched('record-adopted')) return job;
  const { request } = input;
  const { claimKey, fromMs } = unknown;
  const named = { format: request.format, jobId: decision.jobId };
  const record = { claimKey, job: named, submittedAt: fromMs, request };
  if (patched('record-beside-watch')) return { ...job, adopted: record };
  await recordAdopted(record);
  return job;
}

/** The job was found; its deadline counts from now. */
function adopted(
  { jobId, submittedAt }: AdoptedJob,
  {
    unknown: { fromMs },
    input,
    billed,
  }: { unknown: UnknownSubmit; input: GenerateVideoInput; billed: 'yes' | 'maybe' },
): AcceptedSubmit {
  return {
    jobId,
    submittedAt: submittedAt ?? fromMs,
    deadlineAt: Date.now() + (input.deadlineMs ?? defaultDeadlineMs),
    billed: submittedAt === undefined ? billed : 'yes',
  };
}
