import type { VideoFailure } from './failure.ts';

/**
 * Failures of a job that may not occur again: moderation of the result, a failure of the vendor, the gateway's own time
 * limit.
 */
export const retakeKinds = ['moderation', 'task_failed', 'task_timeout'] as const;
export type RetakeKind = (typeof retakeKinds)[number];

/** Maximum value of `max`. */
export const mostRetakes = 10;

/** Policy for submitting a job again that failed at no cost. */
export interface Retakes {
  kinds: readonly RetakeKind[];
  /** Maximum number of further jobs, 1 to 10. */
  max: number;
}

/** A job that failed at no cost and was submitted again. */
export interface FailedTake {
  jobId: string;
  kind: RetakeKind;
  message: string;
  /** ISO 8601, UTC. */
  failedAt: string;
}

/** Why a value is not a valid `Retakes`; null if it is. */
export function retakesProblem(given: unknown): string | null {
  const { kinds, max } = (given ?? {}) as Partial<Record<keyof Retakes, unknown>>;
  if (typeof max !== 'number' || !Number.isInteger(max) || max < 1 || max > mostRetakes) {
    return `"max" must be a whole number from 1 to ${mostRetakes}`;
  }
  if (Array.isArray(kinds) && kinds.length > 0 && kinds.every(isRetakeKind)) return null;
  return `"kinds" must be a list with one or more of ${retakeKinds.join(', ')}`;
}

/** The remaining policy after `taken` failed takes; undefined if none are left. */
export function retakesLeft(retakes: Retakes | undefined, taken: number): Retakes | undefined {
  return retakes && retakes.max > taken ? { ...retakes, max: retakes.max - taken } : undefined;
}

/** The kind with which a failed job may be retaken; null if it was or may have been billed. */
export function retakeKindOf({ kind, billed, about, jobId }: VideoFailure): RetakeKind | null {
  if (billed !== 'no' || jobId === undefined) return null;
  if (kind !== 'task_failed' && kind !== 'task_timeout') return null;
  return about ?? kind;
}

function isRetakeKind(word: unknown): word is RetakeKind {
  return retakeKinds.some((kind) => kind === word);
}
