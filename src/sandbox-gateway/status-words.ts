import type { Course, Row } from './job.ts';
import { isFinished } from './life.ts';

const succeeded = 'succeeded succeed success successful completed complete done finished ready';
const failed =
  'failed fail failure error errored expired timeout timed_out rejected not_found cancelled canceled aborted';
const running = 'in_progress processing running generating rendering executing progress';

/** End of the job for a word. */
export function courseOfWord(word: string): Course['end'] {
  return has(failed, word) ? 'failure' : 'success';
}

/** Whether a row is in the state that a word means. */
export function fitsWord(word: string, row: Row): boolean {
  if (has(succeeded, word)) return row.status === 'SUCCESS';
  if (has(failed, word)) return row.status === 'FAILURE';
  if (has(running, word)) return row.status === 'IN_PROGRESS';
  return !isFinished(row) && row.status !== 'IN_PROGRESS';
}

function has(words: string, word: string): boolean {
  const plain = word.trim().toLowerCase().replace(/[- ]/g, '_');
  return words.split(' ').includes(plain);
}
