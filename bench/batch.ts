/**
 * `npm run bench:batch`: three measurements in turn on one Temporal server (Linux).
 *
 * - 500 videos against a sandbox gateway at high speed: submitted, polled, downloaded, checked and stored.
 * - 500 runs of a bare workflow with three no-op activities, as the cost of Temporal itself.
 * - 50 runs of a loop of timers with no-op activities, one poll every 5 s as samples do it, at the same speed: for its CPU.
 *   Its rate says nothing, because a timer of the server is late by more than such an interval.
 *
 * Prints a table and writes bench/results/batch.json: jobs per second, CPU and memory of worker and server, status
 * requests per job. It asserts no times, and fails if a video is not stored or not paid exactly once. `-- --jobs 100`
 * runs fewer jobs, `-- --speed 100` sets another speed.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import type { GenerateVideoInput } from '../src/contract/messages.ts';
import { taskQueues, workflowTypes } from '../src/contract/task-queues.ts';
import { watchProcess, type Usage } from './batch/process-usage.ts';
import { createHarness, type BenchHarness, type BenchWorker } from './batch/harness.ts';

const bareQueue = 'bench-bare';
/** Warm-up runs, not counted: they load code and open connections. */
const warmUpRuns = 5;
/** Concurrent starts, then concurrent waits. */
const atOnce = 50;

/** A job of two minutes. */
const loop = { polls: 24, intervalMs: 5_000, mostRuns: 50 };

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '500' },
    speed: { type: 'string', default: '200' },
  },
});
const [jobs, speed] = [values.jobs, values.speed].map(Number) as [number, number];
if (!Number.isInteger(jobs) || jobs < 1 || !(speed > 0)) {
  throw new RangeError(`Cannot run --jobs "${values.jobs}" at --speed "${values.speed}"`);
}

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
try {
  const loadBefore = loadavg()[0] ?? 0;
  const machine = { node: process.version, cpus: cpus().length, loadBefore };
  const report = { at: new Date().toISOString(), ...machine, speed, ...(await bench()) };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('batch.json', results), `${JSON.stringify(report, null, 2)}\n`);
  print(table(report));
} finally {
  await rm(folder, { recursive: true, force: true });
}

type BareType = 'bareWorkflow' | 'timerLoopWorkflow';

interface Side {
  runs: number;
  seconds: number;
  jobsPerSecond: number;
  worker: Usage;
  server: Usage;
}

interface Report {
  jobs: number;
  ours: Side;
  bare: Side;
  timerLoop: Side;
  /** Duration of the videos divided by that of the bare runs. */
  oursOverBare: number;
  statusRequestsPerJob: number;
}

async function bench(): Promise<Report> {
  await using harness = await createHarness({ folder, speed });
  const { ledger } = harness.gateway;
  const ours = await measure(harness, {
    worker: await harness.startOurWorker(),
    start: (id) => startGenerate(harness, id),
  });
  const paid = jobs + warmUpRuns;
  if (ledger.posts.length !== paid || ledger.paidJobs.length !== paid) {
    throw new Error(`${paid} videos were asked for, and ${ledger.posts.length} POSTs sent`);
  }
  const statusRequestsPerJob = ledger.statusRequests.length / paid;
  const bare = await measure(harness, {
    worker: await harness.startBareWorker(bareQueue),
    start: (id) => startBare(harness, id, 'bareWorkflow'),
  });
  const timerLoop = await measure(harness, {
    worker: await harness.startBareWorker(bareQueue),
    start: (id) => startBare(harness, id, 'timerLoopWorkflow'),
    runs: Math.min(jobs, loop.mostRuns),
  });
  const oursOverBare = ours.seconds / bare.seconds;
  return { jobs, ours, bare, timerLoop, oursOverBare, statusRequestsPerJob };
}

interface Subject {
  worker: BenchWorker;
  /** Starts a run. Returns its end, which rejects if it failed. */
  start: (id: string) => Promise<Run>;
  /** Default: --jobs. */
  runs?: number;
}

interface Run {
  result(): Promise<unknown>;
}

async function measure(
  harness: BenchHarness,
  { worker, start, runs = jobs }: Subject,
): Promise<Side> {
  try {
    await runAll(warmUpRuns, (index) => start(`warm-up-${index}`));
    const [workerUsage, serverUsage] = [worker.pid, harness.serverPid].map(watchProcess);
    const begun = performance.now();
    await runAll(runs, (index) => start(`job-${index}`));
    const seconds = (performance.now() - begun) / 1_000;
    if (!workerUsage || !serverUsage) throw new TypeError('No process was measured');
    const usage = { worker: workerUsage(), server: serverUsage() };
    return { runs, seconds, jobsPerSecond: runs / seconds, ...usage };
  } finally {
    await worker.stop();
  }
}

async function runAll(count: number, start: (index: number) => Promise<Run>): Promise<void> {
  const inTurn = pLimit(atOnce);
  const runs = await inTurn.map(Array.from({ length: count }).keys(), start);
  await inTurn.map(runs, (run) => run.result());
}

function startGenerate({ client }: BenchHarness, id: string): Promise<Run> {
  const prompt = `${id}: a cat naps in the sun`;
  const input: GenerateVideoInput = {
    request: {
      format: 'generations',
      body: { model: 'kling-v1', prompt, size: '1280x720', duration: 5 },
    },
  };
  return client.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${id}`,
    args: [input],
  });
}

function startBare({ client }: BenchHarness, id: string, type: BareType): Promise<Run> {
  return client.workflow.start(type, {
    taskQueue: bareQueue,
    workflowId: `${type}/${id}`,
    args: type === 'timerLoopWorkflow' ? [loop.polls, loop.intervalMs / speed] : [],
  });
}

function table({ jobs: count, ours, bare, timerLoop, ...report }: Report): string {
  const row = (...cells: string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(12) : cell.padStart(16))).join('');
  const side = (name: string, { runs, seconds, jobsPerSecond, worker, server }: Side) =>
    row(
      name,
      `${seconds.toFixed(1)} s`,
      jobsPerSecond.toFixed(1),
      ...[worker, server].flatMap(({ cpuSeconds, peakRssMb }) => [
        `${((cpuSeconds / runs) * 1_000).toFixed(0)} ms`,
        `${peakRssMb} MB`,
      ]),
    );
  return [
    `${count} jobs`,
    row('', 'time', 'jobs/s', 'worker CPU/job', 'worker peak', 'server CPU/job', 'server peak'),
    side('generates', ours),
    side('bare', bare),
    side('timer loop', timerLoop),
    `Generates took ${report.oursOverBare.toFixed(2)} times as long; ${report.statusRequestsPerJob.toFixed(1)} status requests per job`,
  ].join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
