/**
 * `npm run bench:latency`: jobs of two minutes in real time, as at the gateway; takes about eight minutes.
 *
 * - Time from the end of a job at the gateway to the file on disk, and to the arrival of our webhook at a receiver on this
 *   machine: for jobs that are only polled, for jobs that are polled after these, when the worker knows how long they take,
 *   and for jobs that the gateway reports by a callback, which need a worker that takes callbacks. The whole path is real:
 *   gateway, receiver, poll, download, webhook.
 * - Status requests per job, compared with one every 5 seconds; events in the history of a job.
 *
 * Prints a table and writes bench/results/latency.json. It asserts no times, and fails if a video is not stored or not
 * paid exactly once. `-- --jobs 4` runs fewer jobs of each kind. `-- --history narrow` (or `wide`) gives the jobs a spread
 * of durations, and the worker those of 50 earlier jobs, in place of the third kind; the default is `none`.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { GenerateVideoInput, VideoResult } from '../src/contract/messages.ts';
import { taskQueues, workflowTypes } from '../src/contract/task-queues.ts';
import { findFreePort } from '../src/dev/free-port.ts';
import { createHarness, type BenchHarness } from './batch/harness.ts';
import { durationsOf, readSpread, writeHistory } from './latency/history.ts';
import { latencyTable, type JobReport } from './latency/table.ts';
import { startWebhookReceiver, type WebhookReceiver } from './latency/webhook-receiver.ts';

const lookEveryMs = 250;
/** A worker reads the recorded durations again after this time. */
const rememberedMs = 61_000;
/** Between the starts of two jobs of a kind: their latency is measured, not how many a machine handles at once. */
const apartMs = 1_000;
/** An event may follow the video by the time of its delivery. */
const webhookLimitMs = 60_000;
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '20' },
    history: { type: 'string', default: 'none' },
  },
});
const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) throw new RangeError(`Cannot run --jobs "${values.jobs}"`);
const history = readSpread(values.history);

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
try {
  const run = { node: process.version, at: new Date().toISOString(), jobs, history };
  const report = { ...run, ...(await bench()) };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('latency.json', results), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${latencyTable(report)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function bench(): Promise<Record<JobKind, JobReport[]>> {
  await using harness = await createHarness({ folder, speed: 1, generation: 'plugins' });
  await using receiver = await startWebhookReceiver({ folder: harness.env['STORAGE_URL'] ?? '' });
  await writeHistory(harness, history);
  Object.assign(harness.env, { WEBHOOKS_TRUSTED_ORIGINS: receiver.origin });
  const lives = durationsOf(history, jobs);
  const all = (kind: JobKind) =>
    Promise.all(
      lives.map((lifeMs, number) => runJob({ harness, receiver }, { kind, number, lifeMs })),
    );
  const [polled, learned] = await withWorker(harness, async () => {
    const first = await all('polled');
    if (history === 'none') await sleep(rememberedMs);
    return [first, history === 'none' ? await all('learned') : []];
  });
  const port = await findFreePort();
  const hooks = { HOOKS_PORT: String(port), HOOKS_PUBLIC_URL: `http://127.0.0.1:${port}` };
  Object.assign(harness.env, hooks);
  const told = await withWorker(harness, () => all('told'));
  const count = polled.length + told.length + learned.length;
  if (harness.gateway.ledger.posts.length !== count) throw new Error('A video was paid twice');
  return { polled, told, learned };
}

async function withWorker<T>(harness: BenchHarness, run: () => Promise<T>): Promise<T> {
  const worker = await harness.startOurWorker();
  try {
    return await run();
  } finally {
    await worker.stop();
  }
}

type JobKind = 'polled' | 'told' | 'learned';

async function runJob(
  { harness: { client, gateway }, receiver }: { harness: BenchHarness; receiver: WebhookReceiver },
  { kind, number, lifeMs }: { kind: JobKind; number: number; lifeMs: number },
): Promise<JobReport> {
  const name = `${kind}-${number}`;
  const prompt = `[sandbox: poll-takes=${lifeMs / 1_000}] ${name}: a cat`;
  const input: GenerateVideoInput = {
    request: {
      format: 'generations',
      body: { model: 'kling-v1', prompt, size: '1280x720', duration: 5 },
    },
  };
  await sleep(number * apartMs);
  const handle = await client.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${name}`,
    args: [input],
  });
  const { video } = (await handle.result()) as VideoResult;
  const { ledger } = gateway;
  const job = ledger.paidJobs.find((paid) => paid.prompt === prompt);
  if (!job) throw new Error(`${name} was not paid`);
  const endedAt = job.at + lifeMs;
  const { mtimeMs } = await stat(join(folder, 'storage', video.key));
  const arrivedAt = await within(webhookLimitMs, () => receiver.arrivals.get(name));
  const { historyLength } = await handle.describe();
  return {
    latencyMs: mtimeMs - endedAt,
    webhookMs: arrivedAt - endedAt,
    lifeMs,
    statusRequests: ledger.statusRequests.filter(({ jobId }) => jobId === job.jobId).length,
    historyEvents: historyLength,
  };
}

async function within<T>(limitMs: number, look: () => T | undefined): Promise<T> {
  for (const end = Date.now() + limitMs; ;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms for a webhook`);
    await sleep(lookEveryMs);
  }
}
