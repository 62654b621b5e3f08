import { describe, expect, test } from 'vitest';
import { openBook, type AdmissionBook } from '../../src/workflows/admission/book.ts';
import { emptyState } from '../../src/workflows/admission/state.ts';
import { asking, bookWith, noonMs } from './admission-asks.ts';

const minuteMs = 60_000;
const failures = 5;

/** Jobs of a model, one after the other, that end so. */
function play(book: AdmissionBook, model: string, endings: ('made' | 'vendor_failed')[]): void {
  for (const [index, ending] of endings.entries()) {
    const videoId = `${model}-${index}`;
    expect(book.ask(asking(videoId, { model }), noonMs)).toEqual({ outcome: 'granted' });
    book.release({ videoId, spent: 'no', ending }, noonMs);
  }
}

const failing = (count: number) => Array.from({ length: count }, () => 'vendor_failed' as const);
const outcomeOf = (book: AdmissionBook, videoId: string, { model = 'veo', nowMs = noonMs } = {}) =>
  book.ask(asking(videoId, { model }), nowMs).outcome;

describe('a model whose last five jobs failed at its vendor', () => {
  test('gets one job at a time, reports the outage, and leaves the slots to other models', () => {
    const book = bookWith(3);
    play(book, 'veo', failing(failures));
    expect(outcomeOf(book, 'probe')).toBe('granted');
    expect(book.ask(asking('next', { model: 'veo' }), noonMs)).toMatchObject({
      outcome: 'waiting',
      outage: { model: 'veo', failures },
    });
    expect(outcomeOf(book, 'other', { model: 'kling-v1' })).toBe('granted');
    expect(book.status(noonMs).outages).toEqual([{ model: 'veo', failures }]);
    // No video is called: those that wait out the outage request again by themselves.
    expect(book.takeReady(10)).toEqual([]);
  });

  test('still gets one job at a time when that job fails as well', () => {
    const book = bookWith(3);
    play(book, 'veo', failing(failures + 1));
    expect(outcomeOf(book, 'probe')).toBe('granted');
    expect(outcomeOf(book, 'next')).toBe('waiting');
  });

  test('is back to normal after one job that succeeds', () => {
    const book = bookWith(3);
    play(book, 'veo', [...failing(failures), 'made']);
    expect(['a', 'b', 'c'].map((videoId) => outcomeOf(book, videoId))).toEqual(
      ['a', 'b', 'c'].map(() => 'granted'),
    );
    expect(book.status(noonMs).outages).toBeUndefined();
  });

  test('is back to normal after half an hour without results', () => {
    const book = bookWith(3);
    play(book, 'veo', failing(failures));
    const nowMs = noonMs + 30 * minuteMs;
    expect(outcomeOf(book, 'a', { nowMs })).toBe('granted');
    expect(outcomeOf(book, 'b', { nowMs })).toBe('granted');
  });

  test('is carried over to the next run of the admission', () => {
    const before = bookWith(3);
    play(before, 'veo', failing(failures));
    const book = openBook({ ...emptyState, ...before.snapshot(noonMs) });
    expect(outcomeOf(book, 'probe')).toBe('granted');
    expect(outcomeOf(book, 'next')).toBe('waiting');
  });
});

test.each([
  ['four failures', failing(failures - 1)],
  ['a success between them', [...failing(failures - 1), 'made' as const, ...failing(failures - 1)]],
])('%s do not count as an outage of a model', (_, endings) => {
  const book = bookWith(3);
  play(book, 'veo', endings);
  expect(outcomeOf(book, 'a')).toBe('granted');
  expect(outcomeOf(book, 'b')).toBe('granted');
});

test('failures of one model are no outage of another model', () => {
  const book = bookWith(3);
  play(book, 'veo', failing(failures));
  expect(outcomeOf(book, 'a', { model: 'kling-v1' })).toBe('granted');
  expect(outcomeOf(book, 'b', { model: 'kling-v1' })).toBe('granted');
});

test('a video that waits for an outage to end requests again within minutes, however long it has waited', () => {
  const book = bookWith(3);
  play(book, 'veo', failing(failures));
  outcomeOf(book, 'probe');
  const waitingSince = noonMs - 600 * minuteMs;
  const answer = book.ask(asking('old', { model: 'veo', waitingSince }), noonMs);
  expect(answer).toMatchObject({ outcome: 'waiting' });
  const { retryAfterMs = Infinity } = answer as { retryAfterMs?: number };
  expect(retryAfterMs).toBeLessThanOrEqual(6 * minuteMs);
});
