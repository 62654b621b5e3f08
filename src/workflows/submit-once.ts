import { proxyActivities, sleep } from '@temporalio/workflow';
import type { SubmitFailure, SubmittedVideo, VideoActivities } from '../contract/activities.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { defaultDeadlineMs, defaultSubmitTimeoutMs, submitOptions } from './activity-options.ts';
import { isCancel, toSubmitFailure, videoFailed } from './failures.ts';
import { resolveUnknown, type UnknownSubmit } from './resolve-unknown.ts';
import type { VideoTracker } from './video-tracker.ts';

/** After a "not accepted", which costs nothing: 10 s, doubled each time, at most 5 min. */
const backoff = { firstMs: 10_000, maximumMs: 300_000 };
/** Bounded by the POSTs that were sent, and by time: a limit shared with others may hold a run back without a POST. */
const patience = { refusals: 12, totalMs: 6 * 3_600_000 };

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
  /** `maybe` for a job that somebody named and that the gateway has not shown yet. */
  billed: 'yes' | 'maybe';
}

/**
 * Brings one accepted job into being, with at most one POST whose outcome is not known to be harmless.
 *
 * Refused: thrown. Not accepted: asked again after a durable, bounded back-off. Unknown: waits, as long as it takes,
 * until the gateway's own records or a person say what became of it; the machine never guesses.
 */
export async function submitOnce(options: SubmitOptions): Promise<AcceptedSubmit> {
  const { input, tracker } = options;
  const startedAt = Date.now();
  const unknowns = resolveUnknown(input.request, tracker);
  let refusals = 0;
  for (let take = 1; ;) {
    const claimKey = take === 1 ? options.claimKey : `${options.claimKey}/resubmit-${take}`;
    const fromMs = Date.now();
    const outcome = await submit(input, claimKey, tracker);
    if (!('outcome' in outcome)) return accepted(outcome, input);
    if (outcome.outcome === 'refused') throw videoFailed(outcome);
    if (outcome.outcome === 'not_accepted') {
      if (!outcome.held) refusals += 1;
      const isOver = Date.now() - startedAt > patience.totalMs || refusals > patience.refusals;
      if (isOver) throw videoFailed(outcome);
      await backOff(outcome, Math.max(1, refusals), tracker);
      continue;
    }
    const unknown: UnknownSubmit = { failure: outcome, claimKey, fromMs, toMs: Date.now() };
    const decision = await unknowns.next(unknown);
    switch (decision.action) {
      case 'adopt':
        return adopted(decision, unknown, input);
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
  };
}

/** The job was found; the time for it counts from now on. */
function adopted(
  { jobId, submittedAt }: { jobId: string; submittedAt?: number },
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
