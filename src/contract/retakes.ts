import type { VideoFailure } from './failure.ts';

/**
 * Failures of a finished job that come by chance and after minutes: moderation of the result, the vendor, the gateway's
 * own time limit.
 */
export const retakeKinds = ['moderation', 'task_failed', 'task_timeout'] as const;
export type RetakeKind = (typeof retakeKinds)[number];

/** The most that `max` may be. */
export const mostRetakes = 10;

/** When a job that failed at no cost is made again without being asked. */
export interface Retakes {
  kinds: readonly RetakeKind[];
  /** At most this many jobs after the first, 1 to 10. */
  max: number;
}

/** A job of a video that failed at no cost and was made again. */
export interface FailedTake {
  jobId: string;
  kind: RetakeKind;
  message: string;
  /** ISO 8601, UTC. */
  failedAt: string;
}

/** Why something is not a `Retakes`; null where it is one. */
export function retakesProblem(given: unknown): string | null {
  const { kinds, max } = (given ?? {}) as Partial<Record<keyof Retakes, unknown>>;
  if (typeof max !== 'number' || !Number.isInteger(max) || max < 1 || max > mostRetakes) {
    return `"max" must be a whole number from 1 to ${mostRetakes}`;
  }
  if (Array.isArray(kinds) && kinds.length > 0 && kinds.every(isRetakeKind)) return null;
  return `"kinds" must be a list with one or more of ${retakeKinds.join(', ')}`;
}

/** What is left for a run that begins again after so many failed takes; undefined where nothing is. */
export function retakesLeft(retakes: Retakes | undefined, taken: number): Retakes | undefined {
  return retakes && retakes.max > taken ? { ...retakes, max: retakes.max - taken } : undefined;
}

/** The kind under which a failed job may be made again; null where it cost something, or may have. */
export function retakeKindOf({ kind, billed, about, jobId }: VideoFailure): RetakeKind | null {
  if (billed !== 'no' || jobId === undefined) return null;
  if (kind !== 'task_failed' && kind !== 'task_timeout') return null;
  return about ?? kind;
}

function isRetakeKind(word: unknown): word is RetakeKind {
  return retakeKinds.some((kind) => kind === word);
}
