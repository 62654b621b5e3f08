import type { MetricName } from '../../contract/metrics.ts';
import type { Sample } from './read-samples.ts';

/** Summary of a histogram in seconds; null without samples. */
export interface Times {
  count: number;
  average: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface OperationStats {
  operation: string;
  model: string;
  /** Without those that we cancelled. */
  requests: number;
  failures: number;
  /** 0–1; null without requests. */
  successRate: number | null;
  seconds: Times;
  /** Counts by failure kind. */
  errors: Record<string, number>;
}

/** Counts of the workers since their start. */
export interface Stats {
  operations: OperationStats[];
  /** By label values: `stored · yes`, `failed · no`, … */
  ended: Record<string, number>;
  asks: Record<string, number>;
  /** Time from submit to stored video, by model. */
  ready: Record<string, Times>;
  /** Null before the first job. */
  pollsPerJob: number | null;
  downloadedBytes: number;
  /** Current counts from Temporal. */
  open: Record<string, number>;
  admission: Record<string, number>;
  spentToday: Record<string, number>;
}

/** Sums up the metrics of several workers; shared gauges count once. */
export function summarize(samples: readonly Sample[]): Stats {
  const operations = operationStats(samples);
  return {
    operations,
    ended: totals(
      samples,
      'onetake_videos_ended_total',
      ({ phase, billed }) => `${phase} · ${billed}`,
    ),
    asks: totals(samples, 'onetake_asks_total', ({ answer }) => answer),
    ready: readyTimes(samples),
    pollsPerJob: pollsPerJob(operations),
    downloadedBytes: sum(named(samples, 'onetake_download_bytes_total')),
    open: highest(samples, 'onetake_videos_open', ({ phase }) => phase),
    admission: {
      ...highest(samples, 'onetake_admission_videos', ({ state }) => state),
      ...highest(samples, 'onetake_admission_slots', () => 'slots'),
    },
    spentToday: highest(samples, 'onetake_spent_today', ({ of }) => of),
  };
}

type Labels = Sample['labels'];
type KeyOf = (labels: Labels) => string | undefined;

function operationStats(samples: readonly Sample[]): OperationStats[] {
  const requests = named(samples, 'onetake_gateway_requests_total');
  const key: KeyOf = ({ operation, model }) => JSON.stringify([operation, model]);
  return [...grouped(requests, key).values()].map((group) => {
    const { operation = '', model = '' } = group[0]?.labels ?? {};
    const outcomes = totals(group, 'onetake_gateway_requests_total', ({ outcome }) => outcome);
    const { ok = 0, cancelled: _, ...errors } = outcomes;
    const failures = Object.values(errors).reduce((total, value) => total + value, 0);
    const answered = ok + failures;
    const of = (labels: Labels) => labels['operation'] === operation && labels['model'] === model;
    return {
      operation,
      model,
      requests: answered,
      failures,
      successRate: answered === 0 ? null : ok / answered,
      seconds: times(samples, 'onetake_gateway_request_seconds', of),
      errors,
    };
  });
}

function readyTimes(samples: readonly Sample[]): Record<string, Times> {
  const name = 'onetake_video_ready_seconds';
  const counts = samples.filter((sample) => sample.name === `${name}_count`);
  return Object.fromEntries(
    [...grouped(counts, ({ model }) => model).keys()].map((model) => [
      model,
      times(samples, name, (labels) => labels['model'] === model),
    ]),
  );
}

function pollsPerJob(operations: readonly OperationStats[]): number | null {
  const of = (operation: string) => operations.filter((row) => row.operation === operation);
  const jobs = of('submit').reduce((total, row) => total + row.requests - row.failures, 0);
  const polls = of('poll').reduce((total, row) => total + row.requests, 0);
  return jobs === 0 ? null : polls / jobs;
}

function times(
  samples: readonly Sample[],
  name: MetricName,
  wanted: (labels: Labels) => boolean,
): Times {
  const of = (part: string) =>
    samples.filter((sample) => sample.name === `${name}_${part}` && wanted(sample.labels));
  const count = sum(of('count'));
  const buckets = totalsOf(of('bucket'), ({ le }) => le);
  const bounds = Object.entries(buckets)
    .map(([le, value]) => ({ le: Number(le.replace('+Inf', 'Infinity')), value }))
    .toSorted((a, b) => a.le - b.le);
  const at = (share: number) => quantile(bounds, share);
  const average = count === 0 ? null : sum(of('sum')) / count;
  return { count, average, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Like Prometheus' `histogram_quantile`: linear inside a bucket, and never above the last bound. */
export function quantile(
  buckets: readonly { le: number; value: number }[],
  share: number,
): number | null {
  const total = buckets.at(-1)?.value ?? 0;
  if (total === 0) return null;
  const rank = share * total;
  const index = buckets.findIndex(({ value }) => value >= rank);
  const lower = buckets[index - 1] ?? { le: 0, value: 0 };
  const upper = buckets[index] ?? lower;
  if (upper.le === Infinity) return lower.le;
  const inside = upper.value - lower.value;
  const part = inside === 0 ? 1 : (rank - lower.value) / inside;
  return lower.le + (upper.le - lower.le) * part;
}

function named(samples: readonly Sample[], name: MetricName): Sample[] {
  return samples.filter((sample) => sample.name === name);
}

function totals(
  samples: readonly Sample[],
  name: MetricName,
  keyOf: KeyOf,
): Record<string, number> {
  return totalsOf(named(samples, name), keyOf);
}

function totalsOf(samples: readonly Sample[], keyOf: KeyOf): Record<string, number> {
  return Object.fromEntries([...grouped(samples, keyOf)].map(([key, group]) => [key, sum(group)]));
}

function highest(
  samples: readonly Sample[],
  name: MetricName,
  keyOf: KeyOf,
): Record<string, number> {
  const groups = grouped(named(samples, name), keyOf);
  return Object.fromEntries(
    [...groups].map(([key, group]) => [key, Math.max(...group.map(({ value }) => value))]),
  );
}

function grouped(samples: readonly Sample[], keyOf: KeyOf): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = keyOf(sample.labels) ?? '';
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return groups;
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}
