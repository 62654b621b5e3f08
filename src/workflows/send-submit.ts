import {
  CancellationScope,
  isCancellation,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  AdmissionTicket,
  SubmitFailure,
  SubmittedVideo,
  SubmitVideoInput,
  VideoActivities,
} from '../contract/activities.ts';
import { maxSubmitTimeoutMs } from '../contract/defaults.ts';
import { failures } from '../contract/failure.ts';
import type { GenerateVideoInput } from '../contract/messages.ts';
import { askOptions, defaultSubmitTimeoutMs, submitOptions } from './activity-options.ts';
import { billedSoFar } from './billed-so-far.ts';
import { closeUnsent, type UnansweredSubmit } from './close-unsent.ts';
import { submitFailureIn, unknownSubmit, videoFailed } from './failures.ts';
import { leaveAdmission } from './leave-admission.ts';
import type { VideoTracker } from './video-tracker.ts';

export interface Submit {
  input: GenerateVideoInput;
  claimKey: string;
  tracker: VideoTracker;
  /** Whether earlier submits of this run may have been billed. */
  billedBefore: 'no' | 'maybe';
}

export interface SubmitEnd {
  outcome: SubmittedVideo | SubmitFailure;
  /** The admission that still holds a slot for a submit with a lost answer. */
  heldBy?: string;
  /** Set if no worker answered for the POST, and none could say yet whether its claim was made. */
  unanswered?: Omit<UnansweredSubmit, 'claimKey'>;
}

/**
 * One submit: requests admission, then schedules the paid POST once. If the admission has no free slot or cannot be
 * reached, nothing is sent.
 *
 * A cancellation withdraws only a task that no worker has started; otherwise the outcome counts as without a
 * cancellation. If no worker answered for the POST and there was no claim, nothing was sent.
 */
export async function sendSubmit(submit: Submit): Promise<SubmitEnd> {
  const { input, claimKey, tracker, billedBefore } = submit;
  const { submitTimeoutMs = defaultSubmitTimeoutMs, waiterId: _, asker: _former, ...asked } = input;
  const given = { ...asked, claimKey, waitingSince: workflowInfo().startTime.getTime() };
  const asksFirst = patched('admission-first');
  if (asksFirst) demandTimeLimit(submitTimeoutMs);
  const ticket = asksFirst ? await ask(given, submit) : undefined;
  if (ticket?.outcome === 'failed') return { outcome: ticket.failure };
  const admission = ticket?.outcome === 'granted' ? ticket.admission : undefined;
  try {
    const submitted = await post({ ...given, ...(admission && { admission }) }, submitTimeoutMs);
    tracker.warned(submitted.warnings);
    return { outcome: submitted };
  } catch (error) {
    if (isCancellation(error)) {
      tracker.settled(billedUnsent(billedBefore));
      if (admission) await leaveAdmission({ admissionId: admission.id, spent: 'no' });
      throw error;
    }
    const told = submitFailureIn(error);
    if (told) tracker.warned(told.warnings ?? []);
    const unanswered = { storageId: admission?.storageId, spelledId: input.spelledId };
    const isUnsent = !told && asksFirst ? await wasNotSent({ claimKey, ...unanswered }) : undefined;
    if (isUnsent) return { outcome: await neverSent({ heldBy: admission?.id, billedBefore }) };
    const failure = told ?? unknownSubmit(error);
    const isHeld = failure.outcome === 'unknown' && !failure.answered && admission;
    return {
      outcome: withSpent(failure, billedBefore),
      ...(isHeld && { heldBy: admission.id }),
      ...(!told && isUnsent === undefined && { unanswered }),
    };
  }
}

/** Releases what the admission holds for a submit that has sent nothing. */
export async function neverSent({
  heldBy,
  billedBefore,
}: {
  heldBy: string | undefined;
  billedBefore: 'no' | 'maybe';
}): Promise<SubmitFailure> {
  await leaveAdmission({ ...(heldBy !== undefined && { admissionId: heldBy }), spent: 'no' });
  return withSpent(workerLost, billedBefore);
}

/** Returns the ticket, or a failure; then nothing was sent. */
async function ask(
  given: SubmitVideoInput,
  { tracker, billedBefore }: Submit,
): Promise<AdmissionTicket | { outcome: 'failed'; failure: SubmitFailure }> {
  const { requestAdmission } = proxyActivities<VideoActivities>({
    ...askOptions,
    summary: 'request admission; free',
  });
  try {
    const ticket = await requestAdmission(given);
    return ticket.outcome === 'waiting' ? failed(waiting(ticket), billedBefore) : ticket;
  } catch (error) {
    if (isCancellation(error)) {
      tracker.settled(billedUnsent(billedBefore));
      throw error;
    }
    const failure = submitFailureIn(error) ?? notAsked(error);
    tracker.warned(failure.warnings ?? []);
    return failed(failure, billedBefore);
  }
}

function failed(failure: SubmitFailure, billedBefore: 'no' | 'maybe') {
  return { outcome: 'failed' as const, failure: withSpent(failure, billedBefore) };
}

function withSpent(failure: SubmitFailure, billedBefore: 'no' | 'maybe'): SubmitFailure {
  const isLater = isLaterRun() && patched('billed-so-far');
  return { ...failure, billed: billedSoFar(failure, { billedBefore, isLaterRun: isLater }) };
}

function waiting(ticket: Extract<AdmissionTicket, { outcome: 'waiting' }>): SubmitFailure {
  const { message, retryAfterMs, queue } = ticket;
  return {
    kind: 'rate_limited',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    waiting: true,
    message,
    retryAfterMs,
    ...(queue && { queue }),
  };
}

function post(given: SubmitVideoInput, startToCloseTimeout: number): Promise<SubmittedVideo> {
  const { submitVideo } = proxyActivities<VideoActivities>({
    ...submitOptions,
    startToCloseTimeout,
    summary: 'paid POST, once',
  });
  return submitVideo(given);
}

/** An earlier run of the workflow, before a reset, may have been billed, and its claims were not read. */
function billedUnsent(billedBefore: 'no' | 'maybe'): 'no' | 'maybe' {
  return isLaterRun() ? 'maybe' : billedBefore;
}

function isLaterRun(): boolean {
  const { runId, firstExecutionRunId } = workflowInfo();
  return runId !== firstExecutionRunId;
}

/** A cancelled run waits only briefly, and reports "maybe" if no worker can tell. */
function wasNotSent(unanswered: UnansweredSubmit): Promise<boolean | undefined> {
  const { consideredCancelled } = CancellationScope.current();
  return closeUnsent(unanswered, consideredCancelled ? '30s' : '30m');
}

function notAsked(error: unknown): SubmitFailure {
  const { closedKey: _, ...nothingSent } = workerLost;
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  return { ...nothingSent, message: `The request for admission failed: ${String(reason)}` };
}

/** The next submit takes another claim key, because this one is closed. */
const workerLost: SubmitFailure = {
  kind: 'worker_lost',
  outcome: 'not_accepted',
  billed: failures.worker_lost.billed,
  message: 'The worker stopped before it sent anything',
  closedKey: true,
};

function demandTimeLimit(submitTimeoutMs: number): void {
  if (submitTimeoutMs > 0 && submitTimeoutMs <= maxSubmitTimeoutMs) return;
  throw videoFailed({
    kind: 'invalid_request',
    billed: 'no',
    message: `Invalid "submitTimeoutMs": "${submitTimeoutMs}" is not between 1 and ${maxSubmitTimeoutMs} (milliseconds)`,
  });
}
