import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  dayTable,
  historyTable,
  lateness,
  polls,
  pollsEveryFiveSeconds,
  withHistory,
} from '../bench/day/day-table.ts';
import { simulatedModels } from '../bench/day/models.ts';
import { simulateDay, type SimulatedVideo } from '../bench/day/simulate-day.ts';

const limitMs = 60_000;
const [beat, learned] = [await simulateDay('beat'), await simulateDay('learned')];
const days = { beat, learned };

const ofModel = (videos: readonly SimulatedVideo[], name: string) =>
  videos.filter(({ model }) => model.startsWith(name));
const latest = (videos: readonly SimulatedVideo[], hasFailed = false) =>
  lateness(videos, hasFailed).at(-1) ?? 0;

test(
  'the tables of the simulated day in docs/polling.md are what the simulation prints',
  { timeout: limitMs },
  async () => {
    const text = await readFile(new URL('../docs/polling.md', import.meta.url), 'utf8');
    expect(text).toContain(`\n${dayTable(days)}\n`);
    expect(text).toContain(`\n${historyTable(days)}\n`);
  },
);

describe('on the simulated day', () => {
  test('learned sends at most 0.30 of the requests of one every 5 s with history', () => {
    const timed = simulatedModels.filter(({ isUntimed }) => !isUntimed);
    for (const { name } of timed) {
      const videos = withHistory(learned, name);
      expect(polls(videos)).toBeLessThanOrEqual(0.3 * pollsEveryFiveSeconds(videos));
    }
    expect(polls(learned)).toBeLessThan(0.75 * polls(beat));
  });

  test('a completed job is found at most 35 s late, a failed one at most a minute', () => {
    expect(latest(learned)).toBeLessThan(35_000);
    expect(latest(learned, true)).toBeLessThan(61_000);
  });

  test.each(['three', 'without'])(
    'a model "%s" is polled as on beat, and expects nothing',
    (name) => {
      const videos = ofModel(learned, name);
      expect(videos).toEqual(ofModel(beat, name));
      expect(videos.filter(({ expected }) => expected)).toEqual([]);
    },
  );
});
