import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionBook } from '../../src/workflows/admission/book.ts';
import { asking, bookWith, noonMs } from './admission-asks.ts';

describe('the order', () => {
  const takeAll = (book: AdmissionBook, first: string) => {
    const order = [];
    for (let current: string | undefined = first; current !== undefined;) {
      book.release({ videoId: current, spent: 'yes' }, noonMs);
      [current] = book.takeTurns(100);
      if (current === undefined) break;
      expect(book.ask(asking(current), noonMs).outcome).toBe('granted');
      order.push(current);
    }
    return order;
  };

  test('is interactive before batch, and tag by tag in turn', () => {
    const book = bookWith(1);
    book.ask(asking('first'), noonMs);
    const batch = { priority: 'batch' } as const;
    for (const videoId of ['b1', 'b2']) book.ask(asking(videoId, batch), noonMs);
    for (const videoId of ['r1', 'r2', 'r3']) book.ask(asking(videoId, { tags: ['red'] }), noonMs);
    for (const videoId of ['g1', 'g2']) book.ask(asking(videoId, { tags: ['green'] }), noonMs);
    expect(takeAll(book, 'first')).toEqual(['r1', 'g1', 'r2', 'g2', 'r3', 'b1', 'b2']);
  });

  test('of a tag lasts no longer than the others before it: nobody starves', () => {
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
});
