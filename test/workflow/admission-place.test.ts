import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionAnswer, VideoPriority } from '../../src/contract/admission.ts';
import type { PlaceInQueue } from '../../src/contract/place-in-queue.ts';
import { openBook, type AdmissionBook } from '../../src/workflows/admission/book.ts';
import { emptyState, readState } from '../../src/workflows/admission/state.ts';
import { asking, bookWith, noonMs } from './admission-asks.ts';

const minuteMs = 60_000;

function placeIn(answer: AdmissionAnswer): PlaceInQueue | undefined {
  return answer.outcome === 'waiting' ? answer.queue : undefined;
}

/** Runs so many jobs through the book, one after the other, each for a minute. Returns the end of the last one. */
function runJobs(book: AdmissionBook, jobs: number, holdMs = minuteMs): number {
  let nowMs = noonMs;
  for (let job = 0; job < jobs; job += 1) {
    expect(book.ask(asking(`job-${job}`), nowMs).outcome).toBe('granted');
    nowMs += holdMs;
    book.release({ videoId: `job-${job}`, spent: 'yes' }, nowMs);
  }
  return nowMs;
}

const waiter = fc.record({
  priority: fc.constantFrom('interactive' as const, 'batch' as const),
  tag: fc.constantFrom('red', 'green', 'blue'),
  sinceMs: fc.nat(5),
});
const waiters = fc.array(waiter, { minLength: 1, maxLength: 30 });

function fill(
  book: AdmissionBook,
  given: { priority: VideoPriority; tag: string; sinceMs: number }[],
) {
  const asks = given.map(({ priority, tag, sinceMs }, index) =>
    asking(`v${index}`, { priority, tags: [tag], waitingSince: noonMs + sinceMs }),
  );
  for (const ask of asks) book.ask(ask, noonMs);
  return asks;
}

describe('the place in the queue', () => {
  test('is a permutation of the waiting videos: the order in which they get their slots', () => {
    fc.assert(
      fc.property(waiters, (given) => {
        const book = bookWith(1);
        book.ask(asking('first'), noonMs);
        const asks = fill(book, given);
        const told = asks.map((ask) => ({
          ask,
          queue: placeIn(book.ask(ask, noonMs)),
        }));
        expect(told.every(({ queue }) => queue?.of === asks.length)).toBe(true);
        const byPlace = told.toSorted((a, b) => (a.queue?.place ?? 0) - (b.queue?.place ?? 0));
        expect(byPlace.map(({ queue }) => queue?.place)).toEqual(asks.map((_, index) => index + 1));
        const order: string[] = [];
        for (let current = 'first'; order.length < asks.length;) {
          book.release({ videoId: current, spent: 'yes' }, noonMs);
          const [next = ''] = book.takeReady(100);
          const ask = asks.find(({ videoId }) => videoId === next);
          expect(ask && book.ask(ask, noonMs).outcome).toBe('granted');
          order.push((current = next));
        }
        expect(order).toEqual(byPlace.map(({ ask }) => ask.videoId));
      }),
    );
  });

  test('never moves back when others leave or get a slot', () => {
    const leaving = fc.record({ waiters, leavers: fc.array(fc.nat(29)), isServed: fc.boolean() });
    fc.assert(
      fc.property(leaving, ({ waiters: given, leavers, isServed }) => {
        const book = bookWith(1);
        book.ask(asking('first'), noonMs);
        const asks = fill(book, given);
        const places = () =>
          new Map(
            asks
              .filter(({ videoId }) => !gone.has(videoId))
              .map((ask) => [ask.videoId, placeIn(book.ask(ask, noonMs))?.place ?? 0]),
          );
        const gone = new Set<string>();
        const before = places();
        for (const leaver of leavers) {
          gone.add(`v${leaver}`);
          book.gone(`v${leaver}`, noonMs);
        }
        if (isServed) {
          book.release({ videoId: 'first', spent: 'yes' }, noonMs);
          for (const videoId of book.takeReady(100)) gone.add(videoId);
        }
        for (const [videoId, place] of places()) {
          expect(place).toBeLessThanOrEqual(before.get(videoId) ?? 0);
        }
      }),
    );
  });

  test('is not named for a video behind a full window, whose order is not known', () => {
    const book = bookWith(0);
    const longId = (index: number) => `${String(index).padStart(5, '0')}-${'x'.repeat(1_000)}`;
    const answers = Array.from({ length: 200 }, (_, index) =>
      placeIn(book.ask(asking(longId(index), { waitingSince: noonMs + index }), noonMs)),
    );
    expect(answers.at(0)).toEqual({ place: 1, of: 1, slots: 0 });
    expect(answers.at(-1)).toEqual({ of: 200, slots: 0 });
  });
});

describe('the expected start', () => {
  const startOf = (book: AdmissionBook, videoId: string, nowMs: number) =>
    placeIn(book.ask(asking(videoId), nowMs))?.expectedStart;

  test('is unknown until five jobs have ended', () => {
    for (const [jobs, isKnown] of [
      [4, false],
      [5, true],
    ] as const) {
      const book = bookWith(1);
      const nowMs = runJobs(book, jobs);
      book.ask(asking('holder'), nowMs);
      expect(startOf(book, 'next', nowMs) !== undefined).toBe(isKnown);
    }
  });

  test('follows from how long jobs hold their slots, and from the age of those that run', () => {
    const book = bookWith(2);
    const nowMs = runJobs(book, 5);
    book.ask(asking('a'), nowMs);
    book.ask(asking('b'), nowMs + 20_000);
    const laterMs = nowMs + 30_000;
    const starts = ['v1', 'v2', 'v3'].map((videoId) => startOf(book, videoId, laterMs));
    expect(starts).toEqual(
      [nowMs + 60_000, nowMs + 80_000, nowMs + 120_000].map((ms) => new Date(ms).toISOString()),
    );
  });

  test('of a slot whose job takes longer than all recorded ones is a usual job away, not now', () => {
    const book = bookWith(1);
    const nowMs = runJobs(book, 5);
    book.ask(asking('stuck', { deadlineMs: 10 * minuteMs }), nowMs);
    const laterMs = nowMs + 5 * minuteMs;
    expect(startOf(book, 'next', laterMs)).toBe(new Date(laterMs + minuteMs).toISOString());
  });

  test('never lies in the past, and is never earlier for a later place', () => {
    const holds = fc.array(fc.nat(600_000), { minLength: 5, maxLength: 40 });
    const ages = fc.array(fc.nat(900_000), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(holds, ages, fc.nat(4), (held, running, fewer) => {
        const begun = { ...emptyState, limits: { jobs: running.length } };
        const earlier = openBook(begun);
        running.forEach((age, index) => earlier.ask(asking(`run-${index}`), noonMs - age));
        const book = openBook({ ...begun, ...earlier.snapshot(noonMs), holds: held });
        // The limit may have been lowered since: then the first slots to be free stay empty.
        book.setLimits({ jobs: Math.max(1, running.length - fewer) }, noonMs);
        const starts = Array.from({ length: 15 }, (_, index) =>
          Date.parse(startOf(book, `v${index}`, noonMs) ?? ''),
        );
        for (const [index, start] of starts.entries()) {
          expect(start).toBeGreaterThanOrEqual(starts[index - 1] ?? noonMs);
        }
      }),
    );
  });

  test('is unknown while no jobs are allowed', () => {
    const book = bookWith(1);
    const nowMs = runJobs(book, 5);
    book.setLimits({ jobs: 0 }, nowMs);
    expect(placeIn(book.ask(asking('v'), nowMs))).toEqual({ place: 1, of: 1, slots: 0 });
  });

  test('does not count submits that were refused at once, and counts failed jobs', () => {
    const book = bookWith(1);
    for (let index = 0; index < 5; index += 1) {
      book.ask(asking('v'), noonMs);
      book.release({ videoId: 'v', spent: 'no' }, noonMs + 1_000);
    }
    expect(book.snapshot(noonMs).holds).toBeUndefined();
    book.ask(asking('v'), noonMs);
    book.release({ videoId: 'v', spent: 'no', ending: 'vendor_failed' }, noonMs + minuteMs);
    expect(book.snapshot(noonMs).holds).toEqual([minuteMs]);
  });

  test('is still known after the admission has continued as new; a state from before has no record', () => {
    const book = bookWith(1);
    const nowMs = runJobs(book, 40, minuteMs);
    const state = JSON.parse(JSON.stringify(book.snapshot(nowMs)));
    expect(state.holds).toHaveLength(20);
    const next = openBook(readState({ ...emptyState, ...state }));
    next.ask(asking('holder'), nowMs);
    expect(startOf(next, 'v', nowMs)).toBe(new Date(nowMs + minuteMs).toISOString());
    const { holds: _, ...before } = state;
    const old = openBook(readState({ ...emptyState, ...before }));
    old.ask(asking('holder'), nowMs);
    expect(placeIn(old.ask(asking('v'), nowMs))).toEqual({ place: 1, of: 1, slots: 1 });
  });
});
