import type { BatchCounts } from './batch.ts';
import type { EndUnknown } from './batch-pace.ts';

/** Why the end of a batch is not known, and what to do about it. */
export function endUnknownWords(
  reason: EndUnknown,
  { counts, name }: { counts?: BatchCounts; name: string },
): string {
  switch (reason) {
    case 'few_ended':
      return 'not known yet: too few rows have ended';
    case 'paused':
      return `not known: paused, \`onetake batch resume ${name}\` continues it`;
    case 'no_slot':
      return 'not known: all rows in progress wait for a slot, see `onetake limits`';
    case 'cap':
      return 'not known: a cap is reached and refuses rows, see `onetake limits`';
    case 'unresolved':
      return `not known: ${rows(counts?.unresolved)} unresolved, see \`onetake unresolved\``;
    case 'overdue':
      return `not known: ${rows(counts?.overdue)} overdue, and polled until the gateway reports an end`;
  }
}

function rows(count = 0): string {
  return count === 1 ? '1 row is' : `${count} rows are`;
}
