import { isCancellation, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SubmitFailure, SubmittedVideo, VideoActivities } from '../contract/activities.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { defaultDeadlineMs, defaultSubmitTimeoutMs, submitOptions } from './activity-options.ts';
import { recordAdopted } from './adopt-job.ts';
import type { AdmissionTurn } from './admission-slot.ts';
import { askAgain, refused } from './ask-again.ts';
import { toSubmitFailure, videoFailed } from './failures.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import type { AcceptedSubmit, UnknownSubmit } from './submit-outcome.ts';
import type { VideoTracker } from './video-tracker.ts';

/** Where the admission does not say when to ask it again. */
const defaultAskAgainMs = 60_000;
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
    const billedBefore = take === 1 ? ('no' as const) : ('maybe' as const);
    const before = billedBefore === 'maybe' ? { billedBefore } : {};
    const outcome = await submit({ input, claimKey, tracker, billedBefore });
    if (!('outcome' in outcome)) return { ...accepted(outcome, input), claimKey, ...before };
    if (outcome.outcome === 'refused') throw refused(outcome, tracker);
    if (outcome.waiting) {
      startedAt += await waitForTurn(outcome, { turn, tracker, billedBefore });
      continue;
    }
    if (outcome.outcome === 'not_accepted') {
      if (!outcome.held) refusals += 1;
      await askAgain(outcome, { refusals, startedAt, tracker });
      continue;
    }
    const unknown: UnknownSubmit = { failure: outcome, claimKey, fromMs, toMs: Date.now() };
    const decision = await unknowns.next(unknown);
    switch (decision.action) {
      case 'adopt':
        return { ...(await adopt(decision, { unknown, input, tracker })), claimKey, ...before };
      case 'abandon':
        throw videoFailed({ ...outcome, kind: 'abandoned', billed: knownBilled(tracker) });
      case 'resubmit':
        take += 1;
        break;
      case 'not billed': {
        refusals += 1;
        // The wait for the proof is no refusal of the gateway's.
        startedAt += Date.now() - unknown.toMs;
        if (patched('not-billed-back-off')) {
          tracker.submitting();
          await askAgain(notBilled(outcome, billedBefore), { refusals, startedAt, tracker });
        }
        break;
      }
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

/** What the records prove of an answer that left it open: the gateway or its vendor failed, at no cost. */
function notBilled(failure: SubmitFailure, billed: SubmitFailure['billed']): SubmitFailure {
  const message = `${failure.message}; the gateway's own records say that nothing was billed`;
  return { ...failure, kind: 'no_channel', outcome: 'not_accepted', message, billed };
}

/** Of an unresolved submit: the records may have proved the charge. */
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
    ...(submitted.foundInClaim && { paidBefore: true }),
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
  const job = adopted(decision, { unknown, input, billed: knownBilled(tracker) });
  tracker.accepted(job);
  await record(decision, unknown, input);
  return job;
}

/** The job was found; the time for it counts from now on. */
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
