/**
 * `npm run bench`: runs all benchmarks in turn, about six minutes on an idle machine, and prints one table of results
 * and targets. Results: bench/results/*.json. It asserts no times.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gatewayBeatMs } from '../src/contract/poll-delay.ts';

interface Delivery {
  folder: { memoryMb: number };
  s3: { memoryMb: number };
  rateOverCurl: { folder: number; s3: number };
  cut: { cuts: number; sizeBytes: number; sentBytes: number };
}

interface Batch {
  ours: { jobsPerSecond: number };
  bare: { jobsPerSecond: number };
}

interface LatencyJob {
  latencyMs: number;
  webhookMs: number;
  lifeMs: number;
  statusRequests: number;
  historyEvents: number;
}

interface Latency {
  polled: LatencyJob[];
  told: LatencyJob[];
  learned: LatencyJob[];
}

interface Line {
  what: string;
  wanted: string;
  measured: string;
  met: boolean;
}

/** Most bytes that a resume may fetch twice for each cut. */
const chunkBytes = 8 * 1024 * 1024;
const fixedIntervalMs = 5_000;
/** From the event of the gateway to the file on disk, and to the arrival of our webhook. */
const toldMs = 500;
/** Longest interval between two polls of a job of two minutes, with jitter. */
const pollIntervalMs = gatewayBeatMs * 1.2;

for (const name of ['latency', 'batch', 'delivery']) await run(name);
const lines = [
  ...latencyLines(await result<Latency>('latency')),
  ...batchLines(await result<Batch>('batch')),
  ...deliveryLines(await result<Delivery>('delivery')),
];
await writeFile(resultOf('all'), `${JSON.stringify(lines, null, 2)}\n`);
process.stdout.write(`${table(lines)}\n`);

async function run(name: string): Promise<void> {
  process.stdout.write(`\n${name}\n`);
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const bench = spawn(process.execPath, ['--import', 'tsx', path], { stdio: 'inherit' });
  const [code] = (await once(bench, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench:${name} ended with ${String(code)}`);
}

function resultOf(name: string): URL {
  return new URL(`results/${name}.json`, import.meta.url);
}

async function result<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(resultOf(name), 'utf8')) as T;
}

function latencyLines({ polled, told, learned }: Latency): Line[] {
  const worst = (jobs: LatencyJob[]) => Math.max(...jobs.map(({ latencyMs }) => latencyMs));
  const shareOf = (jobs: LatencyJob[]) =>
    Math.max(
      ...jobs.map(({ statusRequests, lifeMs }) => statusRequests / (lifeMs / fixedIntervalMs)),
    );
  const [share, learnedShare] = [shareOf(polled), shareOf(learned)];
  const arrived = Math.max(...told.map(({ webhookMs }) => webhookMs));
  const events = Math.max(...polled.map(({ historyEvents }) => historyEvents));
  return [
    line(
      'file on disk after the gateway says completed, worst',
      `≤ ${seconds(pollIntervalMs + 1_000)}`,
      [seconds(worst(polled)), worst(polled) <= pollIntervalMs + 1_000],
    ),
    line('the same, reported by a callback, worst', `≤ ${seconds(toldMs)}`, [
      seconds(worst(told)),
      worst(told) <= toldMs,
    ]),
    line('our webhook has arrived, worst', `≤ ${seconds(toldMs)}`, [
      seconds(arrived),
      arrived <= toldMs,
    ]),
    line('status requests, against one every 5 s', '≤ 0.33', [share.toFixed(2), share <= 1 / 3]),
    line(
      'the same, polled with a history of such jobs, worst',
      `≤ ${seconds(pollIntervalMs / 2)}`,
      [seconds(worst(learned)), worst(learned) <= pollIntervalMs / 2],
    ),
    line('status requests then', '≤ 0.30', [learnedShare.toFixed(2), learnedShare <= 0.3]),
    line('history events of a polled job', '≤ 50', [`${events}`, events <= 50]),
  ];
}

function batchLines({ ours, bare }: Batch): Line[] {
  const ratio = ours.jobsPerSecond / bare.jobsPerSecond;
  const wanted = '≥ 0.8';
  return [
    line('jobs per second over bare no-op workflows', wanted, [ratio.toFixed(2), ratio >= 0.8]),
  ];
}

function deliveryLines({ folder, s3, rateOverCurl, cut }: Delivery): Line[] {
  const again = (cut.sentBytes - cut.sizeBytes) / cut.cuts;
  const rate = rateOverCurl.folder;
  return [
    line('1 GB into a folder, rate over curl', '≥ 0.8', [rate.toFixed(2), rate >= 0.8]),
    line('memory over idle, folder', '< 64 MB', [`${folder.memoryMb} MB`, folder.memoryMb < 64]),
    line('memory over idle, S3', '< 64 MB', [`${s3.memoryMb} MB`, s3.memoryMb < 64]),
    line('bytes fetched again for each cut', '≤ 8.4 MB', [
      `${(again / 1e6).toFixed(2)} MB`,
      again <= chunkBytes,
    ]),
  ];
}

function line(what: string, wanted: string, [measured, met]: [string, boolean]): Line {
  return { what, wanted, measured, met };
}

function table(all: readonly Line[]): string {
  const width = Math.max(...all.map(({ what }) => what.length));
  return all
    .map(({ what, wanted, measured, met }) =>
      [what.padEnd(width), wanted.padStart(10), measured.padStart(10), met ? '' : 'missed'].join(
        '  ',
      ),
    )
    .join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
