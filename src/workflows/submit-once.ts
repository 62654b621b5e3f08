import { condition, defineUpdate, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { SubmitFailure, SubmittedVideo, VideoActivities } from '../contract/activities.ts';
import {
  messageNames,
  type GenerateVideoInput,
  type ResolveSubmission,
} from '../contract/messages.ts';
import { defaultDeadlineMs, defaultSubmitTimeoutMs, submitOptions } from './activity-options.ts';
import { isCancel, toSubmitFailure, videoFailed } from './failures.ts';
import type { VideoTracker } from './video-tracker.ts';

/** After a "not accepted", which costs nothing: 10 s, doubled each time, at most 5 min, for about half an hour. */
const backoff = { firstMs: 10_000, maximumMs: 300_000, attempts: 12 };

export interface SubmitOptions {
  input: GenerateVideoInput;
  claimKey: string;
  tracker: VideoTracker;
}

/** A job that the gateway has accepted. Times are milliseconds since the epoch. */
export interface AcceptedSubmit {
  jobId: string;
  submittedAt: number;
  deadlineAt: number;
}

/**
 * Brings one accepted job into being, with at most one POST whose outcome is not known to be harmless.
 *
 * Refused: thrown. Not accepted: asked again after a durable, bounded back-off. Unknown: waits, as long as it takes,
 * for the update `resolveSubmission`; the machine never guesses.
 */
export async function submitOnce({
  input,
  claimKey,
  tracker,
}: SubmitOptions): Promise<AcceptedSubmit> {
  const decisions = listenForDecisions(tracker);
  let refusals = 0;
  for (let take = 1; ;) {
    const outcome = await submit(
      input,
      take === 1 ? claimKey : `${claimKey}/resubmit-${take}`,
      tracker,
    );
    if (!('outcome' in outcome)) return accepted(outcome, input);
    if (outcome.outcome === 'refused') throw videoFailed(outcome);
    if (outcome.outcome === 'not_accepted') {
      refusals += 1;
      if (refusals > backoff.attempts) throw videoFailed(outcome);
      await backOff(outcome, refusals, tracker);
      continue;
    }
    const decision = await decisions.next(outcome);
    if (decision.action === 'adopt') return adopted(decision.jobId, input, tracker);
    if (decision.action === 'abandon') throw videoFailed({ ...outcome, kind: 'abandoned' });
    take += 1;
    tracker.submitting();
  }
}

async function submit(
  { request, submitTimeoutMs = defaultSubmitTimeoutMs }: GenerateVideoInput,
  claimKey: string,
  tracker: VideoTracker,
): Promise<SubmittedVideo | SubmitFailure> {
  const { submitVideo } = proxyActivities<VideoActivities>({
    ...submitOptions,
    startToCloseTimeout: submitTimeoutMs,
    summary: 'paid POST, once',
  });
  try {
    const submitted = await submitVideo({ request, claimKey });
    tracker.warned(submitted.warnings);
    return submitted;
  } catch (error) {
    if (isCancel(error)) {
      tracker.neverSent();
      throw error;
    }
    const failure = toSubmitFailure(error);
    tracker.warned(failure.warnings ?? []);
    return failure;
  }
}

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
  };
}

/** A person has found the job; the time for it counts from now on. */
function adopted(jobId: string, input: GenerateVideoInput, tracker: VideoTracker): AcceptedSubmit {
  const since = tracker.status().unresolved?.since;
  return {
    jobId,
    submittedAt: since === undefined ? Date.now() : Date.parse(since),
    deadlineAt: Date.now() + (input.deadlineMs ?? defaultDeadlineMs),
  };
}

function listenForDecisions(tracker: VideoTracker) {
  let decision: ResolveSubmission | undefined;
  setHandler(
    defineUpdate<void, [ResolveSubmission]>(messageNames.resolveSubmission),
    (given) => {
      decision = given;
    },
    { validator: (given) => validateDecision(given, tracker, decision) },
  );
  return {
    next: async (failure: SubmitFailure): Promise<ResolveSubmission> => {
      decision = undefined;
      tracker.unresolved(failure);
      await condition(() => decision !== undefined);
      return decision as unknown as ResolveSubmission;
    },
  };
}

function validateDecision(
  given: ResolveSubmission,
  tracker: VideoTracker,
  decision: ResolveSubmission | undefined,
): void {
  const { phase } = tracker.status();
  if (phase !== 'unresolved' || decision !== undefined) {
    throw new Error(
      `Cannot resolve the submit: the video is in phase "${phase}", not "unresolved"`,
    );
  }
  switch (given.action) {
    case 'adopt':
      if (typeof given.jobId === 'string' && given.jobId !== '') return;
      throw new Error('Cannot adopt: "jobId" must name the job');
    case 'resubmit':
    case 'abandon':
      return;
    default:
      throw new Error('Cannot resolve the submit: "action" must be adopt, resubmit or abandon');
  }
}
