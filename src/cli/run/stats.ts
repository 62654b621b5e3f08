import Table from 'cli-table3';
import type { Command } from 'commander';
import { operateConfig } from '../../config/operate-config.ts';
import { readSamples } from '../../worker/metrics/read-samples.ts';
import {
  summarize,
  type OperationStats,
  type Stats,
  type Times,
} from '../../worker/metrics/summarize.ts';
import { UsageError, type CliContext, type Env, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';
import { plainTable } from '../table.ts';

interface Flags {
  url?: string[];
}

/** The metrics port of a worker on this machine without `METRICS_PORT`. */
const usualPort = 9464;
const patienceMs = 10_000;

const examples = `
Example:
  $ onetake stats --url http://worker-1:9464/metrics http://worker-2:9464/metrics`;

/** `onetake stats`: counts of the workers since their start, and the current states of videos. */
export function configureStats(command: Command): Run {
  command
    .option(
      '--url <addresses...>',
      'metrics addresses of the workers, which are summed up (default: one on this machine)',
    )
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run({ url }: Flags, { env, output }: CliContext): Promise<Exit> {
  const pages = await Promise.all((url ?? [usualUrl(env)]).map(read));
  const stats = summarize(pages.flatMap(readSamples));
  output.result((colors) => render(stats, colors), stats);
  return 'ok';
}

function usualUrl(env: Env): string {
  return `http://127.0.0.1:${operateConfig(env).metrics?.port ?? usualPort}/metrics`;
}

async function read(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    const text = await answer.text();
    if (answer.ok) return text;
    throw new Error(`HTTP ${answer.status}`);
  } catch (cause) {
    const { message, cause: deeper } = cause as Error;
    const reason = deeper instanceof Error ? deeper.message : message;
    throw new UsageError(
      `Cannot read the metrics of a worker at "${url}"; set METRICS_PORT for the worker and give its address with --url: ${reason}`,
      { cause },
    );
  }
}

function render(stats: Stats, colors: Colors): string[] {
  const { operations, ready } = stats;
  const rows = operations.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
  return [
    operations.length === 0 ? 'No request to the gateway yet.' : operationTable(rows, colors),
    '',
    ...figures(stats).map(([name, value]) => field(name, value, colors)),
    ...Object.entries(ready).map(([model, times]) =>
      field('ready', `${model}: ${times.count} videos, ${timesOf(times)}`, colors),
    ),
  ];
}

function operationTable(rows: readonly OperationStats[], colors: Colors): string {
  const names = ['operation', 'model', 'requests', 'success', 'average', 'p50', 'p95', 'p99'];
  const head = [...names, 'errors'].map((name) => colors.dim(name));
  const table = new Table({ head, ...plainTable });
  for (const { operation, model, requests, successRate, seconds, errors } of rows) {
    const { average, p50, p95, p99 } = seconds;
    const rate = successRate === null ? '' : `${(successRate * 100).toFixed(1)} %`;
    const kinds = colors.red(listOf(errors));
    table.push([operation, model, requests, rate, ...[average, p50, p95, p99].map(shown), kinds]);
  }
  return table.toString();
}

function figures(stats: Stats): [string, string][] {
  const { ended, asks, open, admission, spentToday, pollsPerJob, downloadedBytes } = stats;
  const all: [string, string][] = [
    ['ended', listOf(ended)],
    ['starts', listOf(asks)],
    ['now', listOf(open)],
    ['admission', listOf(admission)],
    ['today', listOf(spentToday)],
    ['polls', pollsPerJob === null ? '' : `${pollsPerJob.toFixed(1)} per job`],
    ['received', downloadedBytes === 0 ? '' : `${(downloadedBytes / 1e6).toFixed(1)} MB`],
  ];
  return all.filter(([, value]) => value !== '');
}

function listOf(counts: Record<string, number>): string {
  const known = Object.entries(counts).filter(([, value]) => value > 0);
  return known.map(([name, value]) => `${name} ${Number(value.toFixed(2))}`).join(', ');
}

function timesOf({ average, p50, p95 }: Times): string {
  return `average ${shown(average)}, p50 ${shown(p50)}, p95 ${shown(p95)}`;
}

function shown(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds < 1 ? `${Math.round(seconds * 1_000)} ms` : `${seconds.toFixed(1)} s`;
}

function nameOf({ operation, model }: OperationStats): string {
  return `${operation} ${model}`;
}
