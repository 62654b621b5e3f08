/**
 * `npm run bench:claims`: what a start, the ledger and a new admission cost when the storage has many claims.
 *
 * Fills a folder with 100,000 paid and delivered videos of 30 days (`--claims`, `--days`), and a bucket of the S3 test server
 * with 3,000 (`--s3`; 0 for none). Prints time and calls of the storage for each step, and writes
 * bench/results/claims.json. A list of n objects is n / 1,000 requests in a bucket. It asserts nothing.
 */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCountSpent } from '../src/activities/admission/count-spent.ts';
import { createStorage } from '../src/storage/create-storage.ts';
import { packClaims } from '../src/storage/claims/pack-claims.ts';
import { readLedger } from '../src/storage/records/read-ledger.ts';
import { createSubmitClaims } from '../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../src/storage/video-storage.ts';
import { activityHarness } from '../test/fakes/activity-harness.ts';
import { startS3Server } from '../test/support/s3-server.ts';
import { countedStorage, type StorageCalls } from './claims/counted-storage.ts';
import { claimOf, fillBucket, fillFolder, type Filling } from './claims/fill.ts';

const dayMs = 86_400_000;
const starts = 100;

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '100000' },
    days: { type: 'string', default: '30' },
    s3: { type: 'string', default: '3000' },
  },
});
const nowMs = Date.now();
const days = Number(values.days);
const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-claims-'));
try {
  const report = {
    node: process.version,
    at: new Date().toISOString(),
    load: loadavg()[0],
    days,
    folder: await benchFolder({ claims: Number(values.claims), days, nowMs }),
    ...(Number(values.s3) > 0 && {
      s3: await benchBucket({ claims: Number(values.s3), days, nowMs }),
    }),
  };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('claims.json', results), `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Step extends StorageCalls {
  what: string;
  /** Of one, where the step is repeated. */
  ms: number;
  found: number;
}

async function benchFolder(filling: Filling): Promise<Step[]> {
  fillFolder(folder, filling);
  print(`folder, ${filling.claims} claims of ${filling.days} days`);
  return benchSteps(await createStorage({ folder }), filling);
}

async function benchBucket(filling: Filling): Promise<Step[]> {
  const server = await startS3Server({ onProgress: print });
  const { endpoint, region, credentials } = server;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  try {
    await client.send(new CreateBucketCommand({ Bucket: 'bench' }));
    const storage = await createStorage({ bucket: 'bench', prefix: '', ...server });
    await fillBucket(storage, filling);
    print(`bucket, ${filling.claims} claims of ${filling.days} days`);
    return await benchSteps(storage, filling);
  } finally {
    client.destroy();
    await server.stop();
  }
}

async function benchSteps(plain: VideoStorage, filling: Filling): Promise<Step[]> {
  const { storage, takeCalls } = countedStorage(plain);
  const claims = createSubmitClaims({ storage });
  const today = Math.floor(filling.nowMs / dayMs) * dayMs;
  const tomorrow = today + dayMs;
  const steps: Step[] = [];
  const step = async (what: string, run: () => Promise<number>, times = 1) => {
    takeCalls();
    const beganMs = performance.now();
    let found = 0;
    for (let time = 0; time < times; time += 1) found = await run();
    const ms = (performance.now() - beganMs) / times;
    const calls = Object.entries(takeCalls()).map(([name, count]) => [name, count / times]);
    steps.push({ what, ms, found, ...(Object.fromEntries(calls) as StorageCalls) });
    print(lineOf(steps.at(-1)));
  };
  const ledger = (fromMs: number, toMs: number) => async () =>
    (await readLedger(storage, { fromMs, toMs })).length;
  let number = 0;
  await step('start: claim a key', () => start(claims, (number += 1)), starts);
  await step('start: find a claim', () => find(claims, (number -= 1)), starts);
  const middle = today - Math.floor(days / 2) * dayMs;
  await step('ledger of today', ledger(today, tomorrow));
  await step('ledger of a day in the middle', ledger(middle, middle + dayMs));
  await step('ledger of 7 days', ledger(tomorrow - 7 * dayMs, tomorrow));
  await step('ledger of 31 days', ledger(tomorrow - 31 * dayMs, tomorrow));
  await step('jobs that may be of an unknown submit', () => since(claims, nowMs - 1_860_000));
  const admission = () => count(claims, filling.nowMs - 31 * dayMs);
  await step('new admission, without packs', admission);
  await step('pack the claims of past days', () => packAll(storage, filling.nowMs));
  await step('new admission: count what was spent', admission);
  return steps;
}

async function start(claims: ReturnType<typeof createSubmitClaims>, number: number) {
  const claim = claimOf(`video/new-${number}`, Date.now());
  return (await claims.acquire(claim)) === null ? 1 : 0;
}

async function find(claims: ReturnType<typeof createSubmitClaims>, number: number) {
  return (await claims.find(`video/new-${number + 1}`)) === null ? 0 : 1;
}

async function since(claims: ReturnType<typeof createSubmitClaims>, sinceMs: number) {
  let found = 0;
  for await (const _claim of claims.listSince(sinceMs)) found += 1;
  return found;
}

async function packAll(storage: VideoStorage, atMs: number) {
  let found = 0;
  while ((await packClaims({ storage, nowMs: atMs })) !== null) found += 1;
  return found;
}

async function count(claims: ReturnType<typeof createSubmitClaims>, sinceMs: number) {
  const countSpent = createCountSpent({ claims });
  const admissionId = 'admission/bench';
  const tallies = await activityHarness().run(countSpent, { admissionId, sinceMs });
  return tallies['batch/launch']?.videos ?? 0;
}

function lineOf(step: Step | undefined): string {
  if (!step) return '';
  const { what, ms, found, lists, listed, reads, writes } = step;
  const time = ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
  return [
    what.padEnd(40),
    `${time} ms`.padStart(12),
    `${found} found`.padStart(14),
    `${round(lists)} lists of ${round(listed)}`.padStart(22),
    `${round(reads)} reads`.padStart(16),
    `${round(writes)} writes`.padStart(12),
  ].join('');
}

function round(count: number): number {
  return Math.round(count * 10) / 10;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
