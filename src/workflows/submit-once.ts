import {
  CancellationScope,
  CancelledFailure,
  isCancellation,
  patched,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { SubmitFailure, SubmittedVideo, VideoActivities } from '../contract/activities.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { defaultDeadlineMs, defaultSubmitTimeoutMs, submitOptions } from './activity-options.ts';
import { recordAdopted } from './adopt-job.ts';
import type { AdmissionTurn } from './admission-slot.ts';
import { toSubmitFailure, videoFailed } from './failures.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import type { AcceptedSubmit, UnknownSubmit } from './submit-outcome.ts';
import type { VideoTracker } from './video-tracker.ts';

/** After a "not accepted", which costs nothing: 10 s, doubled each time, at most 5 min. */
const backoff = { firstMs: 10_000, maximumMs: 300_000 };
/** Where the admission does not say when to ask it again. */
const defaultAskAgainMs = 60_000;
/** Bounded by the POSTs that were sent, and by time: a limit shared with others may hold a run back without a POST. */
const patience = { refusals: 12, totalMs: 6 * 3_600_000 };

export interface SubmitOptions {
  input: GenerateVideoInput;
  claimKey: string;
  tracker: VideoTracker;
  turn: AdmissionTurn;
}

interface AdoptedJob {
  jobId: string;
  /** Absent where a person named the job. */
  submittedAt?: number;
}

/**
 * Brings one accepted job into being, with at most one POST whose outcome is not known to be harmless.
 *
 * Refused: thrown. Not accepted: asked again after a durable, bounded back-off. Unknown: waits, as long as it takes,
 * until the gateway's own records or a person say what became of it; the machine never guesses.
 */
export async function submitOnce(options: SubmitOptions): Promise<AcceptedSubmit> {
  const { input, tracker, turn } = options;
  let startedAt = Date.now();
  const unknowns = resolveUnknown(input.request, tracker);
  let refusals = 0;
  for (let take = 1; ;) {
    const claimKey = take === 1 ? options.claimKey : `${options.claimKey}/resubmit-${take}`;
    const fromMs = Date.now();
    // Of an unknown submit that a person decided to pay again, nobody knows more than before.
    const billedBefore = take === 1 ? 'no' : 'maybe';
    const outcome = await submit({ input, claimKey, tracker, billedBefore });
    if (!('outcome' in outcome)) return accepted(outcome, input);
    if (outcome.outcome === 'refused') throw refused(outcome, tracker);
    if (outcome.waiting) {
      startedAt += await waitForTurn(outcome, { turn, tracker, billedBefore });
      continue;
    }
    if (outcome.outcome === 'not_accepted') {
      if (!outcome.held) refusals += 1;
      const isOver = Date.now() - startedAt > patience.totalMs || refusals > patience.refusals;
      if (isOver) throw refused(outcome, tracker);
      await backOff(outcome, Math.max(1, refusals), tracker);
      continue;
    }
    const unknown: UnknownSubmit = { failure: outcome, claimKey, fromMs, toMs: Date.now() };
    const decision = await unknowns.next(unknown);
    switch (decision.action) {
      case 'adopt':
        return adopt(decision, { unknown, input, tracker });
      case 'abandon':
        throw videoFailed({ ...outcome, kind: 'abandoned' });
      case 'resubmit':
        take += 1;
        break;
      case 'not billed':
        refusals += 1;
        break;
    }
    tracker.submitting();
  }
}

interface Submit {
  input: GenerateVideoInput;
  claimKey: string;
  tracker: VideoTracker;
  /** By earlier submits of this run. */
  billedBefore: 'no' | 'maybe';
}

async function submit({
  input,
  claimKey,
  tracker,
  billedBefore,
}: Submit): Promise<SubmittedVideo | SubmitFailure> {
  const { submitTimeoutMs = defaultSubmitTimeoutMs, asker: _, ...asked } = input;
  const waitingSince = workflowInfo().startTime.getTime();
  const { submitVideo } = proxyActivities<VideoActivities>({
    ...submitOptions,
    startToCloseTimeout: submitTimeoutMs,
    summary: 'paid POST, once',
  });
  try {
    const submitted = await submitVideo({ ...asked, claimKey, waitingSince });
    tracker.warned(submitted.warnings);
    return submitted;
  } catch (error) {
    // Only its cause says that the task was taken back: under a cancel, every failure has that retry state.
    if (isCancellation(error)) {
      tracker.settled(billedBefore);
      throw error;
    }
    const failure = toSubmitFailure(error);
    tracker.warned(failure.warnings ?? []);
    return failure.billed === 'no' ? { ...failure, billed: billedBefore } : failure;
  }
}

/** Nobody waits for the failure of a run that is cancelled; its status says what the submit has cost. */
function refused(failure: SubmitFailure, tracker: VideoTracker): Error {
  if (!CancellationScope.current().consideredCancelled) return videoFailed(failure);
  tracker.settled(failure.billed);
  return new CancelledFailure('The video was cancelled');
}

/** No slot is held meanwhile, neither here nor at the gateway. Gives the time that it took, in milliseconds. */
async function waitForTurn(
  { retryAfterMs = defaultAskAgainMs }: SubmitFailure,
  {
    turn,
    tracker,
    billedBefore,
  }: Pick<SubmitOptions, 'turn' | 'tracker'> & Pick<Submit, 'billedBefore'>,
): Promise<number> {
  const since = Date.now();
  tracker.waiting(billedBefore);
  await turn.next(retryAfterMs);
  tracker.submitting();
  return Date.now() - since;
}

/** Retry-After wins; jitter keeps the runs that share a limit from asking all at once. */
async function backOff(
  failure: SubmitFailure,
  attempt: number,
  tracker: VideoTracker,
): Promise<void> {
  const exponentialMs = Math.min(backoff.firstMs * 2 ** (attempt - 1), backoff.maximumMs);
  const delayMs = Math.ceil((failure.retryAfterMs ?? exponentialMs) * (1 + 0.2 * Math.random()));
  tracker.retrying(failure, Date.now() + delayMs);
  await sleep(delayMs);
  tracker.submitting();
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
    ...(submitted.admitted && { admitted: true }),
    ...(submitted.admissionId !== undefined && { admissionId: submitted.admissionId }),
  };
}

/**
 * Where a person named the job: one that the gateway's log named is in the claim already. Failing costs the key its
 * memory beyond this run, never the video; and a cancellation takes effect in the watch, which knows the job.
 */
async function record(
  { jobId, submittedAt }: AdoptedJob,
  { claimKey, fromMs }: UnknownSubmit,
  { request }: GenerateVideoInput,
): Promise<void> {
  if (submittedAt !== undefined || !patched('record-adopted')) return;
  const job = { format: request.format, jobId };
  await recordAdopted({ claimKey, job, submittedAt: fromMs, request });
}

/** Whoever decided sees at once that the submit is resolved; the claim follows. */
async function adopt(
  decision: AdoptedJob,
  {
    unknown,
    input,
    tracker,
  }: { unknown: UnknownSubmit; input: GenerateVideoInput; tracker: VideoTracker },
): Promise<AcceptedSubmit> {
  const job = adopted(decision, unknown, input);
  tracker.accepted(job);
  await record(decision, unknown, input);
  return job;
}

/** The job was found; the time for it counts from now on. */
function adopted(
  { jobId, submittedAt }: AdoptedJob,
  { fromMs }: UnknownSubmit,
  input: GenerateVideoInput,
): AcceptedSubmit {
  return {
    jobId,
    submittedAt: submittedAt ?? fromMs,
    deadlineAt: Date.now() + (input.deadlineMs ?? defaultDeadlineMs),
    billed: submittedAt === undefined ? 'maybe' : 'yes',
  };
}
