import { describe, expect, test } from 'vitest';
import type { AdmissionRequest } from '../../src/contract/admission.ts';
import type { AdmissionBook } from '../../src/workflows/admission/book.ts';
import { callMs } from '../../src/workflows/admission/calls.ts';
import { asking, bookWith, noonMs, today } from './admission-asks.ts';

/** Lets every video that is signalled request again, until none is signalled. */
function answerReady(book: AdmissionBook, asks: Map<string, AdmissionRequest>, nowMs = noonMs) {
  const answers = new Map<string, string>();
  for (let turns = book.takeReady(100); turns.length > 0; turns = book.takeReady(100)) {
    for (const videoId of turns) {
      const ask = asks.get(videoId);
      if (ask) answers.set(videoId, book.ask(ask, nowMs).outcome);
    }
  }
  return answers;
}

describe('a slot', () => {
  test('is granted while one is free; after that, videos wait and are signalled in order', () => {
    const book = bookWith(1);
    expect(book.ask(asking('a'), noonMs)).toEqual({ outcome: 'granted' });
    expect(book.ask(asking('b'), noonMs)).toMatchObject({ outcome: 'waiting' });
    expect(book.ask(asking('c'), noonMs)).toMatchObject({ outcome: 'waiting' });
    expect(book.takeReady(100)).toEqual([]);
    book.release({ videoId: 'a', spent: 'yes' }, noonMs);
    expect(book.takeReady(100)).toEqual(['b']);
    expect(book.ask(asking('b'), noonMs)).toEqual({ outcome: 'granted' });
  });

  test('is the same slot, counted once, when the same submit requests it again', () => {
    const book = bookWith(2);
    for (let time = 0; time < 3; time += 1) book.ask(asking('a'), noonMs);
    expect(book.status(noonMs).inFlight).toHaveLength(1);
    expect(book.status(noonMs).spent[today]).toMatchObject({ videos: 1, seconds: 5 });
  });

  test('is released when its deadline has passed, and the reservation stays', () => {
    const book = bookWith(1);
    book.ask(asking('a'), noonMs);
    book.ask(asking('b'), noonMs);
    book.expire(noonMs + 59_999);
    expect(book.takeReady(100)).toEqual([]);
    book.expire(noonMs + 60_000);
    expect(book.takeReady(100)).toEqual(['b']);
    expect(book.status(noonMs)).toMatchObject({
      reserved: [{ videoId: 'a' }],
      called: 1,
      spent: { [today]: { videos: 1 } },
    });
  });

  test('that is held for a closed run goes to the next video', () => {
    const book = bookWith(1);
    for (const videoId of ['a', 'b', 'c']) book.ask(asking(videoId), noonMs);
    book.release({ videoId: 'a', spent: 'yes' }, noonMs);
    book.takeReady(100);
    book.gone('b', noonMs);
    expect(book.takeReady(100)).toEqual(['c']);
    expect(book.status(noonMs)).toMatchObject({ called: 1, spent: { [today]: { videos: 1 } } });
  });

  test('that is not claimed in time goes to the next video, and a late claimant is first in line again', () => {
    const book = bookWith(1);
    const since = (waitingSince: number) => ({ waitingSince });
    for (const [index, videoId] of ['a', 'b', 'c', 'd'].entries()) {
      book.ask(asking(videoId, since(index)), noonMs);
    }
    book.release({ videoId: 'a', spent: 'yes' }, noonMs);
    expect(book.takeReady(100)).toEqual(['b']);
    book.expire(noonMs + callMs);
    expect(book.takeReady(100)).toEqual(['c']);
    expect(book.ask(asking('b', since(1)), noonMs + callMs).outcome).toBe('waiting');
    book.gone('c', noonMs + callMs);
    expect(book.takeReady(100)).toEqual(['b']);
  });

  test('is not taken from a holder that has requested again since it was checked', () => {
    const book = bookWith(1);
    book.ask(asking('a'), noonMs);
    const [seen] = book.leases();
    book.ask(asking('a'), noonMs + 1);
    if (seen) book.ended(seen, { spent: 'no' }, noonMs + 2);
    expect(book.status(noonMs).inFlight).toHaveLength(1);
  });

  test('is not granted while more jobs run than a lowered limit allows', () => {
    const book = bookWith(3);
    for (const videoId of ['a', 'b', 'c', 'd']) book.ask(asking(videoId), noonMs);
    book.setLimits({ jobs: 1 }, noonMs);
    expect(book.takeReady(100)).toEqual(['d']);
    expect(book.ask(asking('d'), noonMs).outcome).toBe('waiting');
    for (const videoId of ['a', 'b']) book.release({ videoId, spent: 'yes' }, noonMs);
    expect(book.takeReady(100)).toEqual([]);
    book.release({ videoId: 'c', spent: 'yes' }, noonMs);
    expect(book.takeReady(100)).toEqual(['d']);
  });
});

describe('a cap', () => {
  test.each([
    [
      { perDay: { videos: 1 } },
      'Cap for 2026-11-23: 1 videos, 1 spent or reserved, 1 more asked for; the count starts again at 2026-11-24 00:00 UTC',
    ],
    [
      { perDay: { seconds: 9 } },
      'Cap for 2026-11-23: 9 seconds, 5 spent or reserved, 5 more asked for; the count starts again at 2026-11-24 00:00 UTC',
    ],
    [
      { perDay: { money: 0.9 } },
      'Cap for 2026-11-23: 0.9 money, 0.5 spent or reserved, 0.5 more asked for; the count starts again at 2026-11-24 00:00 UTC',
    ],
    [
      { perTag: { red: { videos: 1 } } },
      'Cap for tag "red" on 2026-11-23: 1 videos, 1 spent or reserved, 1 more asked for; the count starts again at 2026-11-24 00:00 UTC',
    ],
    [
      { perBatch: { videos: 1 } },
      'Cap for batch "ads": 1 videos, 1 spent or reserved, 1 more asked for',
    ],
    [
      { perRun: { videos: 1 } },
      'Cap for this run of batch "ads": 1 videos, 1 spent or reserved, 1 more asked for',
    ],
  ])('refuses with the number that would be exceeded: %j', (limits, message) => {
    const book = bookWith(9);
    book.setLimits(limits, noonMs);
    const labels = { tags: ['blue', 'red'], batch: { name: 'ads', runId: 'r1' } };
    expect(book.ask(asking('a', labels), noonMs)).toEqual({ outcome: 'granted' });
    expect(book.ask(asking('b', labels), noonMs)).toEqual({ outcome: 'refused', message });
  });

  test('of a batch applies to its run only', () => {
    const book = bookWith(9);
    const run = (runId: string) => ({ batch: { name: 'ads', runId, caps: { videos: 1 } } });
    expect(book.ask(asking('a', run('r1')), noonMs).outcome).toBe('granted');
    expect(book.ask(asking('b', run('r1')), noonMs).outcome).toBe('refused');
    expect(book.ask(asking('c', run('r2')), noonMs).outcome).toBe('granted');
  });

  test.each([
    ['seconds', 'the request does not say its duration'],
    ['money', 'the price list has no price for this request'],
  ])('in %s refuses a video whose cost is unknown', (unit, reason) => {
    const book = bookWith(9);
    book.setLimits({ perDay: { [unit]: 100 } }, noonMs);
    const answer = book.ask(asking('a', { cost: {} }), noonMs);
    expect(answer).toMatchObject({ outcome: 'refused', message: expect.stringContaining(reason) });
  });

  test('per day resets at midnight, UTC', () => {
    const book = bookWith(9);
    book.setLimits({ perDay: { videos: 1 } }, noonMs);
    book.ask(asking('a'), noonMs);
    expect(book.ask(asking('b'), Date.UTC(2026, 10, 23, 23, 59)).outcome).toBe('refused');
    expect(book.ask(asking('b'), Date.UTC(2026, 10, 24)).outcome).toBe('granted');
  });

  test('frees the cost of refused requests, but not of requests that may have been billed', () => {
    const book = bookWith(9);
    book.setLimits({ perDay: { videos: 1 } }, noonMs);
    book.ask(asking('a'), noonMs);
    book.release({ videoId: 'a', spent: 'maybe' }, noonMs);
    expect(book.ask(asking('b'), noonMs).outcome).toBe('refused');
    book.release({ videoId: 'a', spent: 'no' }, noonMs);
    expect(book.ask(asking('b'), noonMs).outcome).toBe('granted');
  });

  test('counts a submit that a person resubmits as a new one', () => {
    const book = bookWith(9);
    book.ask(asking('a'), noonMs);
    book.ask(asking('a', { claimKey: 'a/resubmit-2' }), noonMs);
    expect(book.status(noonMs)).toMatchObject({
      inFlight: [{}],
      spent: { [today]: { videos: 2 } },
    });
  });

  test('that is lowered is signalled to the first video of each lane, and after each refusal to the next one', () => {
    const book = bookWith(1);
    const videoIds = ['a', 'b', 'c', 'd', 'e'];
    const asks = new Map(
      videoIds.map((videoId) => [
        videoId,
        asking(videoId, { tags: [videoId === 'e' ? 'red' : 'blue'] }),
      ]),
    );
    for (const ask of asks.values()) book.ask(ask, noonMs);
    book.setLimits({ perTag: { blue: { videos: 1 } } }, noonMs);
    expect(Object.fromEntries(answerReady(book, asks))).toEqual({
      b: 'refused',
      c: 'refused',
      d: 'refused',
      e: 'waiting',
    });
    expect(book.status(noonMs)).toMatchObject({ called: 0, waiting: { interactive: 1 } });
  });

  test('that is reached refuses waiting videos when their turn comes', () => {
    const book = bookWith(1);
    book.setLimits({ perDay: { videos: 2 } }, noonMs);
    const asks = new Map(['a', 'b', 'c', 'd'].map((videoId) => [videoId, asking(videoId)]));
    for (const ask of asks.values()) book.ask(ask, noonMs);
    book.release({ videoId: 'a', spent: 'yes' }, noonMs);
    expect(Object.fromEntries(answerReady(book, asks))).toEqual({
      b: 'granted',
    });
    book.release({ videoId: 'b', spent: 'yes' }, noonMs);
    expect(Object.fromEntries(answerReady(book, asks))).toEqual({ c: 'refused', d: 'refused' });
  });
});
