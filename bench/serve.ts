/**
 * `npm run bench:serve`: the HTTP API against Temporal's SDK, on one Temporal server, at one time.
 *
 * - 150 creates over HTTP, and 150 bare starts through the SDK; without a worker, which neither of them needs.
 * - 2,000 reads of 100 running videos over HTTP, and 2,000 bare descriptions through the SDK.
 * - 1,000 viewers of these videos by server-sent events: the calls that the server makes to Temporal.
 *
 * Prints a table and writes bench/results/serve.json. It asserts no times.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { createHarness, type BenchHarness } from './batch/harness.ts';
import type { Calls } from './serve/calls.ts';

const creates = 150;
const reads = 2_000;
const videos = 100;
const viewers = 1_000;
const watchMs = 30_000;
const atOnce = 10;
const bareQueue = 'bench-serve';

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
try {
  const report = { node: process.version, at: new Date().toISOString(), ...(await bench()) };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('serve.json', results), `${JSON.stringify(report, null, 2)}\n`);
  print(report);
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Side {
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
}

interface Report {
  load: number;
  create: { http: Side; bare: Side };
  read: { http: Side; bare: Side };
  events: { viewers: number; videos: number; queriesPerSecond: number; describesPerSecond: number };
}

async function bench(): Promise<Report> {
  await using harness = await createHarness({ folder, speed: 1 });
  const load = loadavg()[0] ?? 0;
  const server = await startServer(harness.env);
  try {
    const ids: string[] = [];
    const create = await inTurn({
      count: creates,
      bare: (number) => bareStart(harness, number),
      http: async (number) => void ids.push(await createVideo(server.url, number)),
    });
    const worker = await harness.startOurWorker();
    try {
      const watched = ids.slice(0, videos);
      await Promise.all(watched.map((id) => untilRunning(server.url, id)));
      const at = (number: number) => watched[number % watched.length] ?? '';
      const read = await inTurn({
        count: reads,
        bare: async (number) => {
          const { workflow } = harness.client;
          await workflow.getHandle(`video/@local/${at(number)}`).describe();
        },
        http: async (number) => void (await readVideo(server.url, at(number))),
      });
      return { load, create, read, events: await watchAll(server, watched) };
    } finally {
      await worker.stop();
    }
  } finally {
    server.process.kill();
  }
}

interface Server {
  url: string;
  process: ChildProcess;
  calls(): Promise<Calls>;
}

async function startServer(env: Record<string, string>): Promise<Server> {
  const path = fileURLToPath(new URL('serve/server.ts', import.meta.url));
  const child = fork(path, {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env, SERVE_RATE: '100000', SERVE_STREAMS: '10000' },
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    process: child,
    calls: async () => {
      child.send('calls');
      const [{ calls }] = (await once(child, 'message')) as [{ calls: Calls }];
      return calls;
    },
  };
}

async function bareStart({ client }: BenchHarness, number: number): Promise<void> {
  await client.workflow.start('bare', {
    taskQueue: bareQueue,
    workflowId: `bare-${number}`,
    args: [{ prompt: `A cat, number ${number}` }],
  });
}

async function createVideo(url: string, number: number): Promise<string> {
  const answer = await fetch(`${url}/v1/videos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `bench-${number}` },
    body: JSON.stringify({ model: 'sora-2', prompt: `A cat, number ${number}`, seconds: '4' }),
  });
  const video = (await answer.json()) as { id: string };
  if (!answer.ok) throw new Error(`A create failed: ${JSON.stringify(video)}`);
  return video.id;
}

async function readVideo(url: string, id: string): Promise<{ onetake: { phase: string } }> {
  const answer = await fetch(`${url}/v1/videos/${id}`);
  if (!answer.ok) throw new Error(`A read failed with ${answer.status}`);
  return (await answer.json()) as { onetake: { phase: string } };
}

async function untilRunning(url: string, id: string): Promise<void> {
  while ((await readVideo(url, id)).onetake.phase !== 'running') await sleep(500);
}

interface Pair {
  count: number;
  bare: (number: number) => Promise<void>;
  http: (number: number) => Promise<void>;
}

/** One after the other, each after a warm-up of a tenth that is not counted. */
async function inTurn({ count, bare, http }: Pair): Promise<{ http: Side; bare: Side }> {
  const warmUp = Math.floor(count / 10);
  await measure(warmUp, (number) => bare(count + number));
  await measure(warmUp, (number) => http(count + number));
  return { bare: await measure(count, bare), http: await measure(count, http) };
}

async function measure(count: number, run: (number: number) => Promise<void>): Promise<Side> {
  const limit = pLimit(atOnce);
  const tookMs: number[] = [];
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: count }, (_, number) =>
      limit(async () => {
        const beganMs = performance.now();
        await run(number);
        tookMs.push(performance.now() - beganMs);
      }),
    ),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { perSecond: count / seconds, p50Ms: at(0.5), p95Ms: at(0.95) };
}

async function watchAll(server: Server, ids: string[]): Promise<Report['events']> {
  const leave = new AbortController();
  const streams = Array.from({ length: viewers }, async (_, number) => {
    const id = ids[number % ids.length];
    const { body } = await fetch(`${server.url}/v1/videos/${id}/events`, { signal: leave.signal });
    if (!body) throw new Error('A stream has no body');
    for await (const _chunk of body) if (leave.signal.aborted) return;
  });
  await sleep(5_000);
  const before = await server.calls();
  await sleep(watchMs);
  const after = await server.calls();
  leave.abort();
  await Promise.allSettled(streams);
  return {
    viewers,
    videos: ids.length,
    queriesPerSecond: ((after.queries - before.queries) * 1_000) / watchMs,
    describesPerSecond: ((after.describes - before.describes) * 1_000) / watchMs,
  };
}

function print({ load, create, read, events }: Report): void {
  const row = (what: string, { perSecond, p50Ms, p95Ms }: Side) =>
    `${what.padEnd(22)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50Ms.toFixed(1).padStart(6)} ms  p95 ${p95Ms.toFixed(1).padStart(6)} ms`;
  const lines = [
    `load before: ${load.toFixed(1)}`,
    row('create, HTTP', create.http),
    row('start, SDK', create.bare),
    row('GET video, HTTP', read.http),
    row('describe, SDK', read.bare),
    `${events.viewers} viewers of ${events.videos} videos: ${events.queriesPerSecond.toFixed(1)} queries/s, ${events.describesPerSecond.toFixed(1)} describes/s`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
