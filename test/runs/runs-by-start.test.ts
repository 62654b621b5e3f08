import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOf, findRunsByStart, type RunCursor } from '../../src/runs/runs-by-start.ts';
import { createFakeIndex } from './fake-index.ts';

const now = Date.UTC(2026, 10, 30);
const hourMs = 3_600_000;
const longestAgeHours = 20_000;

const search = fc.record({
  ages: fc.array(
    fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: longestAgeHours })),
    { minLength: 1, maxLength: 80 },
  ),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  wanted: fc.integer({ min: 1, max: 9 }),
  mostAtOnce: fc.integer({ min: 1, max: 30 }),
  firstWindowMs: fc.constantFrom(undefined, hourMs, 24 * hourMs),
});

test('runs are found once each and in order, however the start times are spread over windows', () =>
  fc.assert(
    fc.asyncProperty(search, async ({ ages, firstWindowMs, ...given }) => {
      const runs = ages.map((hours, index) => ({
        id: `video/${index}`,
        startedAt: now - hours * hourMs,
      }));
      const { client } = createFakeIndex(runs);
      const found: RunCursor[] = [];
      for (let from: RunCursor | null | undefined = null; from !== undefined;) {
        const page = await findRunsByStart(client, {
          ...given,
          where: [],
          from,
          now,
          keep: async (some, count) => some.slice(0, count),
          ...(firstWindowMs !== undefined && { firstWindowMs }),
        });
        const cursors = page.runs.map(cursorOf);
        found.push(...cursors);
        from = cursors.at(-1);
      }
      const sign = given.order === 'asc' ? 1 : -1;
      const inOrder = found.toSorted(
        (a, b) => sign * (a.startedAt - b.startedAt || (a.videoId < b.videoId ? -1 : 1)),
      );
      expect(found).toEqual(inOrder);
      expect(found.map(({ videoId }) => videoId).toSorted()).toEqual(
        runs.map(({ id }) => id).toSorted(),
      );
    }),
    { numRuns: 100 },
  ));
