import { quantile } from '../../src/contract/poll-plan.ts';
import { simulatedModels } from './models.ts';
import type { SimulatedVideo } from './simulate-day.ts';

/** A fixed interval, as other clients document it. */
const fixedIntervalMs = 5_000;

/** The simulated day as a Markdown table, one row per model and schedule. */
export function dayTable(days: Readonly<Record<'beat' | 'learned', SimulatedVideo[]>>): string {
  const models = simulatedModels.map(({ name }) => name);
  const rows = [...models, undefined].flatMap((model) =>
    Object.entries(days).map(([schedule, videos]) => {
      const own = videos.filter((video) => model === undefined || video.model === model);
      return [model ?? `all ${own.length} videos`, `\`${schedule}\``, ...figures(own)];
    }),
  );
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const header = [
  'jobs',
  'schedule',
  'polls per video',
  'of one every 5 s',
  'late, median',
  '90 %',
  'worst',
  'expected time wrong by, median',
  '90 %',
];

function figures(videos: readonly SimulatedVideo[]): string[] {
  const polls = sum(videos.map((video) => video.polls));
  const fixed = sum(videos.map(({ durationMs }) => Math.ceil(durationMs / fixedIntervalMs)));
  const late = sorted(videos.map(({ lateMs }) => lateMs));
  const wrong = sorted(
    videos.flatMap(({ durationMs, expected }) =>
      expected ? [Math.abs(durationMs - expected.typicalMs)] : [],
    ),
  );
  return [
    (polls / videos.length).toFixed(1),
    (polls / fixed).toFixed(2),
    seconds(late, 0.5),
    seconds(late, 0.9),
    seconds(late, 1),
    seconds(wrong, 0.5),
    seconds(wrong, 0.9),
  ];
}

function seconds(ascending: readonly number[], share: number): string {
  return ascending.length === 0
    ? 'unknown'
    : `${(quantile(ascending, share) / 1_000).toFixed(1)} s`;
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
