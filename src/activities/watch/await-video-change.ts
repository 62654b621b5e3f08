import { Context, type Info } from '@temporalio/activity';
import type { AwaitVideoChangeInput, VideoActivities } from '../../contract/activities.ts';
import type { AdmissionActivities } from '../../contract/admission.ts';
import { failures } from '../../contract/failure.ts';
import {
  matchAccounts,
  type AccountMatch,
  type GatewayAccount,
} from '../../contract/gateway-account.ts';
import { gatewayBeatMs } from '../../contract/poll-delay.ts';
import type { Attention, JobProgress, PendingPoll } from '../../contract/video-job.ts';
import type { Gateway, JobStatus } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { AddressMemory } from '../deliver/address-memory.ts';
import { askGateway } from './ask-gateway.ts';
import { countError, failedPolls } from './failed-polls.ts';
import { jobMoney } from './job-money.ts';
import { jobDuration } from './job-duration.ts';
import { createJobSights, type JobSight, type JobSights } from './job-sights.ts';
import { noMemory, readMemory, type PollMemory } from './poll-memory.ts';
import { noteCharge } from './note-charge.ts';
import { startPollClock, type PollClock, type PollClockOptions } from './poll-clock.ts';
import { hasEnded, hasMoved, needsTelling, progressFrom } from './progress-from.ts';
import { releaseSlot } from './release-slot.ts';
import { describeError, jobFailed, pollFailed, videoPending } from '../to-application-failure.ts';

/** Timeout of one exchange; two of them must fit into the 45 s of an attempt. */
const statusTimeoutMs = 20_000;
/**
 * After this time without any change the videos route may be stale, so every second poll also reads the other route, and
 * each one that is followed by a long wait.
 */
const doubtAfterMs = 12 * gatewayBeatMs;
/** Reported after this many polls in a row; polling continues. A new job may be unknown in its first moments. */
const remarkable = { unreachable: 4, unknownWord: 5, notFound: 3 };
/** A shorter remaining delay is not worth another attempt. */
const dueToleranceMs = 50;
/** The first attempt is scheduled together with its activity. */
const scheduleSlackMs = 500;

export interface AwaitVideoChangeOptions extends Omit<PollClockOptions, 'jitter'> {
  gateway: Gateway;
  claims: Pick<SubmitClaims, 'charge'>;
  /** The account of the worker's own API key. */
  account: GatewayAccount;
  /** Where a delivery in this process finds the addresses of a succeeded job. */
  addresses?: Pick<AddressMemory, 'remember'>;
  /** Releases the slot of a job that has succeeded. Default: the workflow does it. */
  leave?: AdmissionActivities['leaveAdmission'];
  now?: () => number;
  random?: () => number;
}

/**
 * Polls the gateway once per attempt and returns at the end of the job, or with a reason for attention; without
 * `endOnly` also for another state or a 10 % step of progress. Otherwise it throws the benign `VideoPending` with the
 * delay until the next poll, so the server's timer does the waiting; its details have state and progress, for clients.
 *
 * A failed job is returned, not thrown. The only non-retryable failure is `result_expired`. "No such task" never
 * fails a paid job: a fault of the gateway's database and a key of another account give the same answer. A worker
 * whose key belongs to another account does not poll.
 */
export function createAwaitVideoChange(
  options: AwaitVideoChangeOptions,
): VideoActivities['awaitVideoChange'] {
  const { gateway, claims, account, addresses, leave, speed } = options;
  const { now = Date.now, random = Math.random } = options;
  const sights = createJobSights();
  return async (input) => {
    const { info, cancellationSignal: signal } = Context.current();
    const endsAt = info.scheduledTimestampMs + info.scheduleToCloseTimeoutMs;
    const clock = await startPollClock({ ...options, jitter: random(), endsAt }, input);
    const isWoken = info.attempt === 1 && (input.askNow === true || wasReset(info));
    if (info.attempt === 1 && !isWoken) {
      const dueInMs = clock.dueInMs(now());
      if (dueInMs > dueToleranceMs) throw videoPending('not due yet', dueInMs);
    }
    const memory = readMemory(info.heartbeatDetails, input.seen);
    const match = input.account ? matchAccounts(input.account, account) : 'same key';
    const sight = sightOf(sights, input);
    const moment = { input, memory, match, clock, isWoken, sights, sight };
    if (match === 'other account') return onOtherAccount({ ...moment, askedAt: now() });
    const changedAt = sight?.changedAt ?? input.seen?.askedAt ?? input.submittedAt;
    const unchangedMs = (now() - changedAt) * speed;
    // Until the next poll of a plan, others would have polled twice.
    const isRare = clock.after(now()) >= 2 * clock.unplanned(now());
    const isStale = unchangedMs > doubtAfterMs && (isRare || info.attempt % 2 === 0);
    const doubt = isStale || memory.notFoundInARow + memory.unreachableInARow > 0;
    try {
      const status = await askGateway(gateway, input.job, {
        timeoutMs: statusTimeoutMs,
        signal,
        doubt,
        charge: true,
      });
      const progress = onAnswer({ ...moment, status, askedAt: now() });
      if (progress.state === 'succeeded') {
        addresses?.remember(input.job.jobId, status.resultUrls);
      }
      if (hasEnded(progress)) sights.forget(input.job.jobId);
      await noteCharge(claims, input, progress);
      if (progress.state !== 'succeeded' || !leave || !input.slot) return progress;
      const isReleased = await releaseSlot(leave, input, progress.charged);
      return isReleased ? { ...progress, slotReleased: true } : progress;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (signal.aborted) await Context.current().cancelled;
      return onError({ ...moment, error, askedAt: now() });
    }
  };
}

interface Moment {
  input: AwaitVideoChangeInput;
  memory: PollMemory;
  match: AccountMatch;
  clock: PollClock;
  /** An event caused this poll. */
  isWoken: boolean;
  sights: JobSights;
  sight: JobSight | undefined;
  askedAt: number;
}

/** Of the attempt that `ResetActivity` starts in place of one that was waiting. */
function wasReset({ scheduledTimestampMs, currentAttemptScheduledTimestampMs }: Info): boolean {
  return currentAttemptScheduledTimestampMs > scheduledTimestampMs + scheduleSlackMs;
}

/** Without `endOnly`, the workflow knows the progress. */
function sightOf(sights: JobSights, { job, endOnly }: AwaitVideoChangeInput): JobSight | undefined {
  return endOnly ? sights.of(job.jobId) : undefined;
}

function onAnswer(moment: Moment & { status: JobStatus }): JobProgress {
  const { input, memory, sights, sight, askedAt, status } = moment;
  const namesNoState = status.noNews || status.rawStatus?.toLowerCase() === 'unknown';
  const unknownInARow = namesNoState ? memory.unknownInARow + 1 : 0;
  const money = jobMoney(status);
  const refund = money.mayBeRefunded ? awaitedRefund(moment) : null;
  remember(memory, {
    ...noMemory,
    unknownInARow,
    ...(refund && { refundAwaitedAt: refund.sinceMs }),
  });
  if (refund) throw videoPending('failed; waiting for its refund', refund.waitMs);
  const { submittedAt, seen, timing, endOnly, job } = input;
  const openAt = sight?.askedAt ?? seen?.askedAt;
  const jobMs = timing && jobDuration(status, { submittedAt, askedAt, openAt });
  const progress = progressFrom(status, { seen: sight ?? seen, money, jobMs, askedAt });
  const alreadySaid = unknownInARow > 0 && seen?.attention === 'status_unknown';
  if (unknownInARow >= remarkable.unknownWord || alreadySaid) progress.attention = 'status_unknown';
  if (status.refusedKey) progress.attention = status.refusedKey;
  const { state, progressPercent } = progress;
  if (endOnly && !hasEnded(progress)) {
    const isNew = hasMoved(progress, sight);
    const changedAt = sight && !isNew ? sight.changedAt : askedAt;
    sights.remember(job.jobId, { state, askedAt, changedAt, ...percentOf(progress) });
  }
  const isNews = endOnly ? hasEnded(progress) : hasMoved(progress, seen);
  if (isNews || needsTelling(progress, seen)) return progress;
  const percent = progressPercent === undefined ? '' : ` (${progressPercent} %)`;
  const word = status.noNews ? 'no status word' : (status.rawStatus ?? state);
  const told = endOnly && { state, ...percentOf(progress) };
  throw videoPending(`${word}${percent}`, nextDelay(moment, namesNoState), told);
}

/** Null after a beat. An event may start the next attempt before it is over. */
function awaitedRefund({ memory, clock, askedAt }: Moment) {
  const { refundAwaited, refundAwaitedAt: sinceMs } = memory;
  if (refundAwaited) return null;
  const beatMs = clock.beat(askedAt);
  if (sinceMs === undefined) return { sinceMs: askedAt, waitMs: beatMs };
  const waitMs = sinceMs + beatMs - askedAt;
  return waitMs > dueToleranceMs ? { sinceMs, waitMs } : null;
}

function percentOf({ progressPercent }: JobProgress): Pick<JobProgress, 'progressPercent'> {
  return progressPercent === undefined ? {} : { progressPercent };
}

/** A plan is for what is as expected. An event said that there is something new, and no state says nothing. */
function nextDelay({ clock, askedAt, isWoken }: Moment, namesNoState: boolean): number {
  if (namesNoState) return clock.unplanned(askedAt);
  return isWoken ? clock.beat(askedAt) : clock.after(askedAt);
}

/** In a rolling deploy the next attempt may run on a worker with the account that paid. */
function onOtherAccount({ input, clock, askedAt }: Moment): JobProgress {
  const attention = 'other_account';
  if (input.seen?.attention === attention) {
    throw videoPending('this worker has the API key of another account', clock.unplanned(askedAt));
  }
  const { failing: _, ...seen } = input.seen ?? { state: 'queued' };
  return { ...seen, attention, askedAt };
}

function onError(moment: Moment & { error: GatewayError }): JobProgress {
  const { input, error, memory, match, clock, askedAt } = moment;
  const counted = countError(memory, error);
  remember(memory, counted);
  if (error.kind === 'result_expired') {
    const { billed } = failures[error.kind];
    const failure = { ...describeError(error, 'task_failed'), billed, jobId: input.job.jobId };
    throw jobFailed(failure, { nonRetryable: true });
  }
  const attention = attentionFor(error, counted, match);
  const failing = failedPolls(error, counted);
  if (attention && attention !== input.seen?.attention) {
    return { ...(input.seen ?? { state: 'queued' }), attention, failing, askedAt };
  }
  const isUnknown = error.kind === 'task_not_found' && isMissing(input.seen?.attention);
  const delayMs = clock.unplanned(askedAt);
  const waitMs = isUnknown ? Math.max(clock.slow(askedAt), delayMs) : delayMs;
  throw pollFailed({ ...failing, ...lastSeen(moment) }, Math.max(waitMs, error.retryAfterMs ?? 0));
}

function lastSeen({ sight }: Moment): Pick<PendingPoll, 'progress'> {
  if (!sight) return {};
  const { state, progressPercent } = sight;
  return { progress: { state, ...(progressPercent !== undefined && { progressPercent }) } };
}

function isMissing(attention: Attention | undefined): boolean {
  return attention === 'task_not_found' || attention === 'other_key';
}

/** A refused API key sets `attention`, and polling continues; it never fails a paid job. */
function attentionFor(
  error: GatewayError,
  memory: PollMemory,
  match: AccountMatch,
): Attention | null {
  if (error.kind === 'auth' || error.kind === 'quota') return error.kind;
  if (memory.notFoundInARow >= remarkable.notFound) {
    return match === 'same key' ? 'task_not_found' : 'other_key';
  }
  return memory.unreachableInARow >= remarkable.unreachable ? 'gateway_unavailable' : null;
}

/** The details of the last heartbeat survive a retry; a heartbeat is sent only when they change. */
function remember(before: PollMemory, after: PollMemory): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) Context.current().heartbeat(after);
}
