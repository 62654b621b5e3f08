/**
 * `npm run bench:latency`: jobs of two minutes in real time, as at the gateway; takes about six minutes.
 *
 * - Time from completion at the gateway, which the bench polls four times a second, to the file on disk: for jobs that
 *   are only polled, for jobs whose completion is reported by the signal `videoJobEvent`, and for jobs that are polled
 *   after these, when the worker knows how long they take.
 * - Status requests per job, compared with one every 5 seconds; events in the history of a job.
 *
 * Prints a table and writes bench/results/latency.json. It asserts no times, and fails if a video is not stored or not
 * paid exactly once. `-- --jobs 4` runs fewer jobs of each kind.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  messageNames,
  type GenerateVideoInput,
  type VideoResult,
} from '../src/contract/messages.ts';
import { taskQueues, workflowTypes } from '../src/contract/task-queues.ts';
import { createHarness, type BenchHarness } from './batch/harness.ts';

/** A fixed polling interval, as other clients document it. */
const fixedIntervalMs = 5_000;
const lookEveryMs = 250;
/** A worker reads the recorded durations again after this time. */
const rememberedMs = 61_000;
const benchAgent = 'onetake-bench';
const { values } = parseArgs({ options: { jobs: { type: 'string', default: '20' } } });
const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) throw new RangeError(`Cannot run --jobs "${values.jobs}"`);

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
try {
  const report = { node: process.version, at: new Date().toISOString(), jobs, ...(await bench()) };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('latency.json', results), `${JSON.stringify(report, null, 2)}\n`);
  print(table(report));
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface JobReport {
  /** Milliseconds from completed to the file on disk. */
  latencyMs: number;
  lifeMs: number;
  statusRequests: number;
  historyEvents: number;
}

interface Report {
  jobs: number;
  polled: JobReport[];
  told: JobReport[];
  learned: JobReport[];
}

async function bench(): Promise<Omit<Report, 'jobs'>> {
  await using harness = await createHarness({ folder, speed: 1 });
  const worker = await harness.startOurWorker();
  try {
    const each = Array.from({ length: jobs }).keys();
    const numbers = [...each];
    const [polled, told] = await Promise.all([
      Promise.all(
        numbers.map((number) => runJob(harness, { id: `polled-${number}`, tell: false })),
      ),
      Promise.all(numbers.map((number) => runJob(harness, { id: `told-${number}`, tell: true }))),
    ]);
    await sleep(rememberedMs);
    const learned = await Promise.all(
      numbers.map((number) => runJob(harness, { id: `learned-${number}`, tell: false })),
    );
    if (harness.gateway.ledger.posts.length !== 3 * jobs) throw new Error('A video was paid twice');
    return { polled, told, learned };
  } finally {
    await worker.stop();
  }
}

async function runJob(
  { client, gateway }: BenchHarness,
  { id, tell }: { id: string; tell: boolean },
): Promise<JobReport> {
  const input: GenerateVideoInput = {
    request: {
      format: 'generations',
      body: { model: 'kling-v1', prompt: `${id}: a cat`, size: '1280x720', duration: 5 },
    },
  };
  const handle = await client.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${id}`,
    args: [input],
  });
  const job = await paidJob(gateway, id);
  const completedAt = await completion(gateway, job.jobId);
  if (tell) await handle.signal(messageNames.videoJobEvent);
  const { video } = (await handle.result()) as VideoResult;
  const { mtimeMs } = await stat(join(folder, 'storage', video.key));
  const asked = gateway.ledger.statusRequests.filter(
    ({ jobId, headers }) => jobId === job.jobId && headers['user-agent'] !== benchAgent,
  );
  const { historyLength } = await handle.describe();
  return {
    latencyMs: mtimeMs - completedAt,
    lifeMs: completedAt - job.at,
    statusRequests: asked.length,
    historyEvents: historyLength,
  };
}

async function paidJob({ ledger }: BenchHarness['gateway'], id: string) {
  for (;;) {
    const found = ledger.paidJobs.find(({ prompt }) => prompt.startsWith(`${id}:`));
    if (found) return found;
    await sleep(lookEveryMs);
  }
}

/** Time at which the gateway first reported completion. */
async function completion(
  { url, apiKey }: BenchHarness['gateway'],
  jobId: string,
): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}`, 'user-agent': benchAgent };
  for (;;) {
    const answer = await fetch(`${url}/v1/video/generations/${jobId}`, { headers });
    const { data } = (await answer.json()) as { data: { status: string } };
    if (data.status === 'SUCCESS') return Date.now();
    await sleep(lookEveryMs);
  }
}

function table({ jobs: count, polled, told, learned }: Report): string {
  const row = (...cells: string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(12) : cell.padStart(18))).join('');
  const side = (name: string, reports: JobReport[]) => {
    const latencies = reports.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
    const asked = mean(reports.map(({ statusRequests }) => statusRequests));
    const fixed = mean(reports.map(({ lifeMs }) => Math.ceil(lifeMs / fixedIntervalMs)));
    return row(
      name,
      seconds(latencies[Math.floor(latencies.length / 2)]),
      seconds(latencies.at(-1)),
      asked.toFixed(1),
      `${fixed.toFixed(0)}`,
      `${Math.max(...reports.map(({ historyEvents }) => historyEvents))}`,
    );
  };
  return [
    `${count} jobs of each kind, ${seconds(mean(polled.map(({ lifeMs }) => lifeMs)))} at the gateway`,
    row('', 'on disk, median', 'on disk, worst', 'requests per job', 'every 5 s', 'history, most'),
    side('polled', polled),
    side('told', told),
    side('learned', learned),
  ].join('\n');
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function seconds(ms = Number.NaN): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
