import type { BatchSnapshot } from '../../client.ts';
import { endUnknownWords } from '../../contract/batch-end-words.ts';
import { clock } from '../../contract/clock-text.ts';
import { timeToTheMinute } from '../time-text.ts';

/** `about 10:00 left, until 14:32`, or `any moment`; undefined if no end is expected. */
export function endWords({ expectedEnd }: BatchSnapshot, nowMs: number): string | undefined {
  if (expectedEnd === undefined) return undefined;
  const leftMs = Date.parse(expectedEnd) - nowMs;
  if (leftMs < 1_000) return 'any moment';
  return `about ${clock(leftMs)} left, until ${timeToTheMinute(expectedEnd)}`;
}

/** Why no end is expected, except that too few rows have ended. */
export function heldWords({ endUnknown, ...status }: BatchSnapshot): string | undefined {
  if (endUnknown === undefined || endUnknown === 'few_ended') return undefined;
  return `end ${endUnknownWords(endUnknown, status)}`;
}
