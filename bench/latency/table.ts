/** A fixed polling interval, as other clients document it. */
const fixedIntervalMs = 5_000;

/** One job. Milliseconds. */
export interface JobReport {
  /** From the end of the job at the gateway to the file on disk. */
  latencyMs: number;
  /** From there to the arrival of our webhook. */
  webhookMs: number;
  lifeMs: number;
  statusRequests: number;
  historyEvents: number;
}

interface Reports {
  jobs: number;
  history: string;
  polled: JobReport[];
  told: JobReport[];
  learned: JobReport[];
}

/** The results as text. */
export function latencyTable({ jobs, history, polled, told, learned }: Reports): string {
  const heads = [
    'on disk, median',
    'worst',
    'webhook, median',
    'worst',
    'requests',
    'every 5 s',
    'history, most',
  ];
  return [
    `${jobs} jobs of each kind, history: ${history}, ${seconds(mean(polled.map(({ lifeMs }) => lifeMs)))} at the gateway`,
    row('', ...heads),
    side('polled', polled),
    side('told', told),
    ...(learned.length > 0 ? [side('learned', learned)] : []),
  ].join('\n');
}

function side(name: string, reports: JobReport[]): string {
  const of = (key: 'latencyMs' | 'webhookMs') =>
    reports.map((report) => report[key]).toSorted((a, b) => a - b);
  const times = [of('latencyMs'), of('webhookMs')].flatMap((sorted) => [
    seconds(sorted[Math.floor(sorted.length / 2)]),
    seconds(sorted.at(-1)),
  ]);
  const requests = mean(reports.map(({ statusRequests }) => statusRequests));
  const fixed = mean(reports.map(({ lifeMs }) => Math.ceil(lifeMs / fixedIntervalMs)));
  const events = Math.max(...reports.map(({ historyEvents }) => historyEvents));
  return row(name, ...times, requests.toFixed(1), fixed.toFixed(0), String(events));
}

function row(...cells: string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(8) : cell.padStart(17))).join('');
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function seconds(ms = Number.NaN): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
