import { clock } from './clock-text.ts';
import type { VideoStatus } from './messages.ts';
import { quantile } from './poll-plan.ts';

/** How long a job will take, from how long similar jobs took. Milliseconds from the submit to the completion. */
export interface ExpectedTime {
  /** Half of them took less. */
  typicalMs: number;
  /** One in ten took less. */
  fromMs: number;
  /** One in ten took more. */
  toMs: number;
}

/**
 * The expected time from how long similar jobs took; undefined if too few are known.
 *
 * @param durationsMs Ascending; empty if too few are known.
 */
export function expectedTime(durationsMs: readonly number[]): ExpectedTime | undefined {
  if (durationsMs.length === 0) return undefined;
  const [fromMs = 0, typicalMs = 0, toMs = 0] = [0.1, 0.5, 0.9].map((share) =>
    Math.round(quantile(durationsMs, share)),
  );
  return { typicalMs, fromMs, toMs };
}

/** When a job is expected to complete at the gateway: ISO 8601, UTC. Fixed when the job is accepted, so it never jumps. */
export interface ExpectedEnd {
  /** Half of similar jobs took less. */
  at: string;
  /** One in ten took less. */
  from: string;
  /** One in ten took more. */
  to: string;
}

/**
 * The expected time of a job that was submitted at a moment.
 *
 * @param submittedAt Milliseconds since the epoch.
 */
export function expectedEnd(
  { typicalMs, fromMs, toMs }: ExpectedTime,
  submittedAt: number,
): ExpectedEnd {
  const [at, from, to] = [typicalMs, fromMs, toMs].map((ms) =>
    new Date(submittedAt + ms).toISOString(),
  );
  return { at: at ?? '', from: from ?? '', to: to ?? '' };
}

/** The part of a status that says how long its job will take. */
export type Expecting = Pick<Partial<VideoStatus>, 'phase' | 'submittedAt' | 'expected'>;

/** What is expected of a job that is not completed yet, in milliseconds; undefined if nothing is known. */
export function expectation(
  { phase, submittedAt, expected }: Expecting,
  nowMs: number,
): Expectation | undefined {
  const isAtGateway = phase === 'queued' || phase === 'running' || phase === 'overdue';
  if (!expected || submittedAt === undefined || !isAtGateway) return undefined;
  const [at, from, to] = [expected.at, expected.from, expected.to].map((time) => Date.parse(time));
  const since = Date.parse(submittedAt);
  if (at === undefined || from === undefined || to === undefined) return undefined;
  return {
    leftMs: at - nowMs,
    atMostMs: to - nowMs,
    usual: { fromMs: from - since, toMs: to - since },
  };
}

/** Result of {@link expectation}. */
export interface Expectation {
  /** Until the expected completion; negative after it. */
  leftMs: number;
  /** Until nine of ten similar jobs were completed; negative after it. */
  atMostMs: number;
  /** The usual duration, from the submit. */
  usual: { fromMs: number; toMs: number };
}

/** E.g. `about 1:40 left (usually 1:20–2:30)`; undefined if nothing is known. */
export function expectedWords(status: Expecting, nowMs: number): string | undefined {
  const found = expectation(status, nowMs);
  return found && `${leftWords(found)} (${usualWords(found)})`;
}

/** Less than a second is no number: a time left that has been shown never becomes longer. */
function leftWords({ leftMs, atMostMs }: Expectation): string {
  if (leftMs >= 1_000) return `about ${clock(leftMs)} left`;
  return atMostMs > 0 ? 'any moment' : 'longer than usual';
}

/** E.g. `usually 1:20–2:30`. */
export function usualWords({ usual: { fromMs, toMs } }: Pick<Expectation, 'usual'>): string {
  const [from, to] = [clock(fromMs), clock(toMs)];
  return from === to ? `usually ${to}` : `usually ${from}–${to}`;
}
