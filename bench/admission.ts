/**
 * `npm run bench:admission`: how many requests per second one admission takes, from 1, 10 and 100 videos that request
 * and release slots one after the other: with single messages, and with lists (Linux).
 *
 * One worker process and one Temporal development server; the videos are activities of this process. Prints a table and
 * writes bench/results/admission.json: requests per second, and updates and signals per request. It asserts no times.
 * `-- --seconds 2` measures each for a shorter time, `-- --rounds 1` only once; the rounds alternate, and the best one
 * of each counts.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, type Connection } from '@temporalio/client';
import { createAdmissionRequests } from '../src/activities/admission/admission-requests.ts';
import { createListTakers, type ListTakers } from '../src/activities/admission/list-takers.ts';
import { createSlotReleases } from '../src/activities/admission/slot-releases.ts';
import { activityHarness } from '../test/fakes/activity-harness.ts';
import { createHarness } from './batch/harness.ts';

const requesters = [1, 10, 100];
/** Not counted: it starts the admission and opens connections. */
const warmUpMs = 1_000;

const noLists: ListTakers = { runOf: async () => null, ended: () => {}, refused: () => {} };

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '2' },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];

interface Measured {
  way: 'single' | 'lists';
  requesters: number;
  requestsPerSecond: number;
  /** Updates and signals per request. */
  updates: number;
  signals: number;
  /** Requests that were not answered. */
  failed: number;
}

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
try {
  const machine = { node: process.version, cpus: cpus().length, loadBefore: loadavg()[0] ?? 0 };
  const all = await bench();
  const best = all.filter((each) => each === bestOf(all, each));
  const report = { at: new Date().toISOString(), ...machine, seconds, rounds, best, all };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('admission.json', results), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${table(best)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function bench(): Promise<Measured[]> {
  await using harness = await createHarness({ folder, speed: 200 });
  const worker = await harness.startOurWorker();
  const all: Measured[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const count of requesters) {
        for (const way of ['single', 'lists'] as const) {
          const id = `admission/bench-${way}-${count}-${round}`;
          const connection = harness.client.connection as Connection;
          all.push({ way, requesters: count, ...(await measure({ connection, id, way, count })) });
        }
      }
    }
  } finally {
    await worker.stop();
  }
  return all;
}

async function measure({
  connection,
  id,
  way,
  count,
}: {
  connection: Connection;
  id: string;
  way: Measured['way'];
  count: number;
}): Promise<Omit<Measured, 'way' | 'requesters'>> {
  const sent = { updates: 0, signals: 0, requests: 0, failed: 0 };
  const client = countingClient(connection, sent);
  const takers = way === 'lists' ? createListTakers() : noLists;
  const requests = createAdmissionRequests({ id, takers });
  const releases = createSlotReleases(takers);
  let isOver = false;
  const request = async (videoId: string) => {
    await requests.send(askOf(videoId));
    await releases.release(id, { videoId, spent: 'yes' });
  };
  const videos = Array.from({ length: count }, async (_, requester) => {
    for (let index = 0; !isOver; index += 1) {
      const activity = activityHarness({}, client).run(request, `video/${requester}-${index}`);
      await activity.then(
        () => (sent.requests += 1),
        () => (sent.failed += 1),
      );
    }
  });
  await setTimeout(warmUpMs);
  const before = { ...sent, atMs: performance.now() };
  await setTimeout(seconds * 1_000);
  const after = { ...sent, atMs: performance.now() };
  isOver = true;
  await Promise.all(videos);
  await client.workflow.getHandle(id).terminate();
  const taken = after.requests - before.requests;
  return {
    requestsPerSecond: (taken * 1_000) / (after.atMs - before.atMs),
    updates: (after.updates - before.updates) / taken,
    signals: (after.signals - before.signals) / taken,
    failed: after.failed - before.failed,
  };
}

function countingClient(connection: Connection, sent: { updates: number; signals: number }) {
  return new Client({
    connection,
    interceptors: {
      workflow: [
        {
          startUpdate: (input, next) => {
            sent.updates += 1;
            return next(input);
          },
          signal: (input, next) => {
            sent.signals += 1;
            return next(input);
          },
        },
      ],
    },
  });
}

function askOf(videoId: string) {
  return {
    videoId,
    claimKey: videoId,
    model: 'kling-v1',
    tags: [],
    priority: 'interactive' as const,
    cost: { seconds: 5 },
    deadlineMs: 3_600_000,
    maxJobs: 1_000,
  };
}

function bestOf(all: readonly Measured[], { way, requesters: count }: Measured): Measured {
  return all
    .filter((each) => each.way === way && each.requesters === count)
    .reduce((a, b) => (b.requestsPerSecond > a.requestsPerSecond ? b : a));
}

function table(best: readonly Measured[]): string {
  const lines = best.map(
    ({ way, requesters: count, requestsPerSecond, updates, signals, failed }) =>
      [
        way.padEnd(7),
        String(count).padStart(10),
        requestsPerSecond.toFixed(0).padStart(13),
        updates.toFixed(2).padStart(13),
        signals.toFixed(2).padStart(13),
        String(failed).padStart(8),
      ].join(''),
  );
  return ['way    requesters   requests/s   updates/req   signals/req  failed', ...lines].join(
    '\n',
  );
}
