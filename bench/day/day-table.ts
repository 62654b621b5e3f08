import { quantile } from '../../src/contract/poll-plan.ts';
import { simulatedModels } from './models.ts';
import type { SimulatedVideo } from './simulate-day.ts';

/** A fixed interval, as other clients document it. */
const fixedIntervalMs = 5_000;
/** Jobs of a model after these have a history of the most samples that are kept, in spite of failures. */
const historyJobs = 60;

/** The simulated day by schedule. */
export type Days = Readonly<Record<'beat' | 'learned', SimulatedVideo[]>>;

/** The simulated day as a Markdown table, one row per model and schedule. */
export function dayTable(days: Days): string {
  const models = simulatedModels.map(({ name }) => name);
  const rows = [...models, undefined].flatMap((model) =>
    Object.entries(days).map(([schedule, videos]) => {
      const own = videos.filter((video) => model === undefined || video.model === model);
      return [model ?? `all ${own.length} videos`, `\`${schedule}\``, ...figures(own)];
    }),
  );
  const header = [
    'jobs',
    'schedule',
    'polls per video',
    'of one every 5 s',
    'late, median',
    '90 %',
    'worst',
    'failed jobs late, median',
    'worst',
    'expected time wrong by, median',
    '90 %',
  ];
  return table(header, rows);
}

/** With history: the worst lateness of completed jobs against `beat`, and the requests against one every 5 s. */
export function historyTable(days: Days): string {
  const rows = simulatedModels.flatMap(({ name }) => {
    const [beat, learned] = [withHistory(days.beat, name), withHistory(days.learned, name)];
    if (learned.length === 0) return [];
    const worst = [beat, learned].map((videos) => Math.max(...lateness(videos)));
    const [before = Number.NaN, after = Number.NaN] = worst;
    return [
      [
        name,
        ...worst.map((ms) => `${(ms / 1_000).toFixed(1)} s`),
        (after / before).toFixed(2),
        (polls(learned) / pollsEveryFiveSeconds(learned)).toFixed(2),
      ],
    ];
  });
  const header = ['jobs', 'worst on `beat`', 'worst on `learned`', 'ratio', 'of one every 5 s'];
  return table(header, rows);
}

/** The later videos of a model. */
export function withHistory(videos: readonly SimulatedVideo[], model: string): SimulatedVideo[] {
  return videos.filter((video) => video.model === model).slice(historyJobs);
}

/** Polls of these videos at a fixed interval of 5 s. */
export function pollsEveryFiveSeconds(videos: readonly SimulatedVideo[]): number {
  return sum(videos.map(({ durationMs }) => Math.ceil(durationMs / fixedIntervalMs)));
}

/** Polls of these videos. */
export function polls(videos: readonly SimulatedVideo[]): number {
  return sum(videos.map((video) => video.polls));
}

/** Of completed or of failed jobs, in milliseconds, ascending. */
export function lateness(videos: readonly SimulatedVideo[], hasFailed = false): number[] {
  const own = videos.filter((video) => video.hasFailed === hasFailed);
  return sorted(own.map(({ lateMs }) => lateMs));
}

function figures(videos: readonly SimulatedVideo[]): string[] {
  const [late, failedLate] = [lateness(videos), lateness(videos, true)];
  const wrong = sorted(
    videos.flatMap(({ durationMs, hasFailed, expected }) =>
      expected && !hasFailed ? [Math.abs(durationMs - expected.typicalMs)] : [],
    ),
  );
  return [
    (polls(videos) / videos.length).toFixed(1),
    (polls(videos) / pollsEveryFiveSeconds(videos)).toFixed(2),
    ...[0.5, 0.9, 1].map((share) => seconds(late, share)),
    ...[0.5, 1].map((share) => seconds(failedLate, share)),
    ...[0.5, 0.9].map((share) => seconds(wrong, share)),
  ];
}

function table(header: string[], rows: string[][]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function seconds(ascending: readonly number[], share: number): string {
  return ascending.length === 0 ? '–' : `${(quantile(ascending, share) / 1_000).toFixed(1)} s`;
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
