import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { dayTable } from '../bench/day/day-table.ts';
import { simulateDay, type SimulatedVideo } from '../bench/day/simulate-day.ts';

const limitMs = 60_000;
const [beat, learned] = [simulateDay('beat'), simulateDay('learned')];

const latest = (videos: readonly SimulatedVideo[]) =>
  Math.max(...videos.map(({ lateMs }) => lateMs));
const polls = (videos: readonly SimulatedVideo[]) =>
  videos.reduce((sum, video) => sum + video.polls, 0);
const everyFiveSeconds = (videos: readonly SimulatedVideo[]) =>
  videos.reduce((sum, { durationMs }) => sum + Math.ceil(durationMs / 5_000), 0);
const steady = (videos: readonly SimulatedVideo[]) =>
  videos.filter(({ model }) => model.startsWith('steady'));

test(
  'the table of the simulated day in docs/polling.md is what the simulation prints',
  { timeout: limitMs },
  async () => {
    const text = await readFile(new URL('../docs/polling.md', import.meta.url), 'utf8');
    expect(text).toContain(`\n${dayTable({ beat, learned })}\n`);
  },
);

describe('on the simulated day', () => {
  test('a steady model is found within half the lateness of beat, from the eleventh job on', () => {
    expect(latest(steady(learned).slice(10))).toBeLessThan(latest(steady(beat)) / 2);
    expect(latest(steady(learned).slice(10))).toBeLessThan(6_200);
  });

  test('learned sends at most 0.30 of the requests of one every 5 s, and fewer than beat', () => {
    expect(polls(learned) / everyFiveSeconds(learned)).toBeLessThanOrEqual(0.3);
    expect(polls(learned)).toBeLessThan(polls(beat));
  });

  test('a model with three jobs is polled as on beat and has no expected time', () => {
    const rare = learned.filter(({ model }) => model.startsWith('three'));
    expect(rare).toEqual(beat.filter(({ model }) => model.startsWith('three')));
    expect(rare.map(({ expected }) => expected)).toEqual([undefined, undefined, undefined]);
  });
});
