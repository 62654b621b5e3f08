import { describe, expect, test } from 'vitest';
import { stateOfWord, statusWords } from '../../src/gateway/jobs/status-words.ts';

/** The published table, written out once more. */
const table = {
  queued:
    'queued queue queueing in_queue pending submitted created not_start notstarted not_started preparing preprocessing initializing starting waiting accepted unknown',
  running: 'in_progress processing running generating rendering executing progress',
  succeeded: 'succeeded succeed success successful completed complete done finished ready',
  failed:
    'failed fail failure error errored expired timeout timed_out rejected not_found cancelled canceled aborted',
};

describe.each(Object.entries(table))('%s', (state, words) => {
  test.each(words.split(' '))('%s, in any spelling', (word) => {
    const spellings = [
      word,
      word.toUpperCase(),
      ` ${word} `,
      word.replaceAll('_', '-'),
      word.replaceAll('_', ' '),
    ];
    expect(spellings.map(stateOfWord)).toEqual(spellings.map(() => state));
  });
});

test('a word that is not in the table has no state', () => {
  expect(['reviewing', 'mystery', 'SUCCESSISH', '1', 'constructor'].map(stateOfWord)).toEqual(
    Array.from({ length: 5 }),
  );
});

test('no word has two states', () => {
  const words = Object.values(statusWords).flat();
  expect(new Set(words).size).toBe(words.length);
});
