import type { JobState } from '../../contract/video-job.ts';

/** Longer than any word in the table. */
const maxWordLength = 100;

/**
 * Maps a status word of either route, or of a vendor, to a job state.
 *
 * @returns undefined for an unknown word, which never ends a job.
 * @see docs/gateway.md#status-words
 */
export function stateOfWord(word: string): JobState | undefined {
  if (word.length > maxWordLength) return undefined;
  return states.get(
    word
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
}

/** Words by state. `cancelled` words count as failed, because a job has no other unsuccessful end. */
export const statusWords: Record<JobState, readonly string[]> = {
  queued: [
    '',
    ...words('queued queue queueing in_queue pending submitted created accepted waiting starting'),
    ...words('not_start notstart not_started notstarted preparing preprocessing initializing'),
    ...words('unknown'),
  ],
  running: words('in_progress processing running generating rendering executing progress'),
  succeeded: words('succeeded succeed success successful completed complete done finished ready'),
  failed: [
    ...words('failed fail failure error errored expired timeout timed_out rejected not_found'),
    ...words('cancelled canceled aborted'),
  ],
};

const states = new Map(
  (Object.keys(statusWords) as JobState[]).flatMap((state) =>
    statusWords[state].map((word): [string, JobState] => [word, state]),
  ),
);

function words(text: string): string[] {
  return text.split(' ');
}
