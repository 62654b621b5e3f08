import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openBook, type AdmissionBook } from '../../src/workflows/admission/book.ts';
import { emptyState } from '../../src/workflows/admission/state.ts';
import { asking, bookWith, noonMs } from './admission-asks.ts';

describe('the order of waiting videos', () => {
  const takeAll = (book: AdmissionBook, first: string) => {
    const order = [];
    for (let current: string | undefined = first; current !== undefined;) {
      book.release({ videoId: current, spent: 'yes' }, noonMs);
      [current] = book.takeReady(100);
      if (current === undefined) break;
      expect(book.ask(asking(current), noonMs).outcome).toBe('granted');
      order.push(current);
    }
    return order;
  };

  test('is interactive before batch, and round-robin over the tags', () => {
    const book = bookWith(1);
    book.ask(asking('first'), noonMs);
    const batch = { priority: 'batch' } as const;
    for (const videoId of ['b1', 'b2']) book.ask(asking(videoId, batch), noonMs);
    for (const videoId of ['r1', 'r2', 'r3']) book.ask(asking(videoId, { tags: ['red'] }), noonMs);
    for (const videoId of ['g1', 'g2']) book.ask(asking(videoId, { tags: ['green'] }), noonMs);
    expect(takeAll(book, 'first')).toEqual(['r1', 'g1', 'r2', 'g2', 'r3', 'b1', 'b2']);
  });

  test('serves every waiting tag within one round, so no tag starves', () => {
    const tags = fc.array(fc.constantFrom('red', 'green', 'blue', 'grey'), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(tags, (tagOf) => {
        const book = bookWith(1);
        book.ask(asking('first'), noonMs);
        tagOf.forEach((tag, index) => book.ask(asking(`${tag}-${index}`, { tags: [tag] }), noonMs));
        const order = takeAll(book, 'first').map((videoId) => videoId.split('-')[0]);
        expect(order).toHaveLength(tagOf.length);
        for (const tag of new Set(order)) {
          const places = order.flatMap((found, index) => (found === tag ? [index] : []));
          const gaps = places.map((place, index) => place - (places[index - 1] ?? -1));
          expect(Math.max(...gaps)).toBeLessThanOrEqual(new Set(tagOf).size);
        }
      }),
    );
  });

  test('within a lane is that of their starts: no later video gets a slot while an earlier one waits', () => {
    const step = fc.oneof(fc.constant('start'), fc.constant('end'), fc.constant('continue as new'));
    const pick = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step), pick, (jobs, steps, picks) => {
        let book = bookWith(jobs);
        const [running, waiting, called] = [[], [], []] as [string[], string[], string[]];
        const request = (videoId: string) => {
          const waitingSince = noonMs + Number(videoId);
          const { outcome } = book.ask(asking(videoId, { waitingSince }), noonMs);
          (outcome === 'granted' ? running : waiting).push(videoId);
          return outcome;
        };
        const any = (of: string[]) => of.splice((picks.next().value ?? 0) % of.length, 1);
        for (const [start, each] of steps.entries()) {
          if (each === 'start') {
            const mustWait = waiting.length > 0 || running.length + called.length >= jobs;
            expect(request(String(start))).toBe(mustWait ? 'waiting' : 'granted');
          }
          if (each === 'end' && running.length > 0) {
            for (const videoId of any(running)) book.release({ videoId, spent: 'yes' }, noonMs);
          }
          if (each === 'continue as new') {
            book = openBook({ ...emptyState, ...structuredClone(book.snapshot(noonMs)) });
          }
          for (const videoId of book.takeReady(100)) {
            expect(videoId).toBe(waiting.shift());
            called.push(videoId);
          }
          // Those that are called answer late, and in any order.
          if (called.length > 0 && (picks.next().value ?? 0) % 2 > 0) {
            for (const videoId of any(called)) expect(request(videoId)).toBe('granted');
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
