import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVideoClient, type VideoClient } from '../../src/client.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { admissionId } from '../../src/identity/admission-id.ts';
import { createHarness, type BenchHarness } from '../batch/harness.ts';
import { durationsOf, writeHistory } from '../latency/history.ts';
import { countActions, countExempt, type Action } from './count-actions.ts';
import { readHistories, type RunHistory } from './run-histories.ts';
import { difference, serverActions } from './server-actions.ts';

export const caseNames = ['told', 'polled', 'batch told', 'batch polled'] as const;

export type CaseName = (typeof caseNames)[number];

/** What owns an action: the run of the video, the batch that started it, or the admission of the account. */
export type Owner = 'video' | 'batch' | 'admission';

export interface CaseReport {
  name: CaseName;
  videos: number;
  /** As the server counts them, all of the case, with the exempt ones. */
  server: Record<string, number>;
  exempt: number;
  /** As the histories show them. */
  actions: (Action & { owner: Owner; workflowId: string })[];
  events: Record<Owner, number>;
  /** Of the histories of the videos alone. */
  historyBytes: number;
  statusRequests: number;
}

/** Videos on their own start one after the other. */
const apartMs = 1_000;
/** The server counts what a worker sends after the end of a run, too. */
const settleMs = 3_000;

/** Runs one case on a server, a gateway and a worker of its own. Jobs take about two minutes, in real time. */
export async function runCase(
  name: CaseName,
  { folder, videos }: { folder: string; videos: number },
): Promise<CaseReport> {
  await using harness = await createHarness({ folder, speed: 1, generation: 'plugins' });
  await writeHistory(harness, 'narrow');
  if (name.endsWith('told')) await receiveCallbacks(harness);
  const worker = await harness.startOurWorker();
  try {
    const client = await createVideoClient({ client: harness.client });
    const admission = admissionId({ gateway: harness.gateway.url, key: harness.gateway.apiKey });
    // The first video starts the admission, which counts once per account.
    const first = await client.start(requestOf(name, { number: -1, lifeMs: 5_000 }));
    await client.wait(first.videoId);
    const before = await readAll(harness, [admission]);
    const ledgerBefore = harness.gateway.ledger.statusRequests.length;
    const ids = await runVideos(name, { client, harness, videos });
    await sleep(settleMs);
    const after = await readAll(harness, [...ids, admission]);
    const statusRequests = harness.gateway.ledger.statusRequests.length - ledgerBefore;
    if (harness.gateway.ledger.paidJobs.length !== videos + 1) throw new Error('Not one job each');
    return { name, videos, statusRequests, ...compare(after, before) };
  } finally {
    await worker.stop();
  }
}

async function receiveCallbacks({ env }: BenchHarness): Promise<void> {
  const port = await findFreePort();
  Object.assign(env, { HOOKS_PORT: `${port}`, HOOKS_PUBLIC_URL: `http://127.0.0.1:${port}` });
}

interface Running {
  client: VideoClient;
  harness: BenchHarness;
  videos: number;
}

/** Returns the workflow ids, after the end of all. */
async function runVideos(name: CaseName, running: Running): Promise<string[]> {
  return name.startsWith('batch') ? runBatch(name, running) : runSingles(name, running);
}

async function runSingles(name: CaseName, { client, videos }: Running): Promise<string[]> {
  const runOne = async (lifeMs: number, number: number) => {
    await sleep(number * apartMs);
    const { videoId } = await client.start(requestOf(name, { number, lifeMs }));
    const { outcome } = await client.wait(videoId);
    if (outcome !== 'stored') throw new Error(`"${videoId}" is ${outcome}`);
    return videoId;
  };
  return Promise.all(durationsOf('narrow', videos).map(runOne));
}

async function runBatch(name: CaseName, { client, harness, videos }: Running): Promise<string[]> {
  const rows = durationsOf('narrow', videos).map((lifeMs, number) => ({
    key: `row-${number}`,
    line: number + 1,
    request: requestOf(name, { number, lifeMs }),
    tags: [],
  }));
  const manifests = join(harness.env['STORAGE_URL'] ?? '', 'manifests');
  await mkdir(manifests, { recursive: true });
  await writeFile(
    join(manifests, 'bench.jsonl'),
    rows.map((row) => JSON.stringify(row)).join('\n'),
  );
  const manifest = { key: 'manifests/bench.jsonl' };
  const { batchId } = await client.batches.start({ name: 'bench', manifest, window: videos });
  // Not by the client, which asks the run for its progress.
  await harness.client.workflow.getHandle(batchId).result();
  return [batchId];
}

function requestOf(name: CaseName, job: { number: number; lifeMs: number }): VideoRequest {
  const scenarios = [
    `poll-takes=${job.lifeMs / 1_000}`,
    ...(name.endsWith('told') ? [] : ['callback-never']),
  ];
  const prompt = `[sandbox: ${scenarios.join(', ')}] ${name} ${job.number}: a cat`;
  const body = { model: 'kling-v1', prompt, size: '1280x720', duration: 5 };
  return { format: 'generations', body };
}

interface Reading {
  server: Record<string, number>;
  runs: RunHistory[];
}

async function readAll({ client, metricsUrl }: BenchHarness, ids: string[]): Promise<Reading> {
  const server = await serverActions(metricsUrl, 'default');
  return { server, runs: await readHistories(client, ids) };
}

function compare(after: Reading, before: Reading) {
  const seen = new Map(before.runs.map(({ runId, events }) => [runId, events.length]));
  const events = { video: 0, batch: 0, admission: 0 };
  const exempt = sumExempt(after.runs) - sumExempt(before.runs);
  const actions = after.runs.flatMap((run) => {
    const owner = ownerOf(run.workflowId);
    const from = seen.get(run.runId) ?? 0;
    events[owner] += run.events.length - from;
    return countActions(run.events)
      .filter(({ eventId }) => eventId > from)
      .map((action) => ({ ...action, owner, workflowId: run.workflowId }));
  });
  const historyBytes = after.runs
    .filter(({ workflowId }) => ownerOf(workflowId) === 'video')
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const server = difference(after.server, before.server);
  return { server, exempt, actions, events, historyBytes };
}

function sumExempt(runs: readonly RunHistory[]): number {
  return runs.reduce((sum, { events }) => sum + countExempt(events), 0);
}

function ownerOf(workflowId: string): Owner {
  if (workflowId.startsWith('batch/')) return 'batch';
  return workflowId.startsWith('admission/') ? 'admission' : 'video';
}
