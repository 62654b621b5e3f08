import type { BatchSnapshot } from '../../client.ts';
import { endUnknownWords } from '../../contract/batch-end-words.ts';
import { clock } from '../../contract/clock-text.ts';
import { timeToTheMinute } from '../time-text.ts';

/** `about 10:00 left, until 14:32`; undefined if no end is expected. */
export function endWords({ expectedEnd }: BatchSnapshot, nowMs: number): string | undefined {
  if (expectedEnd === undefined) return undefined;
  const left = clock(Date.parse(expectedEnd) - nowMs);
  return `about ${left} left, until ${timeToTheMinute(expectedEnd)}`;
}

/** Why no end is expected, except that too few rows have ended. */
export function heldWords({ endUnknown, ...status }: BatchSnapshot): string | undefined {
  if (endUnknown === undefined || endUnknown === 'few_ended') return undefined;
  return `end ${endUnknownWords(endUnknown, status)}`;
}
