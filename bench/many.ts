/**
 * `npm run bench:many -- --rows 100000 --server dev|postgres`: one batch, from its start to its end (Linux).
 *
 * The server is the development server with a database file, or the production server on PostgreSQL, which needs Go. Prints
 * for each thousand rows, or each tenth of fewer, the rate, the CPU of worker and server by row, and their memory; then the
 * longest history and the largest event of the batch, its partitions, some of its videos, and the admission. Writes
 * bench/results/many.json. It asserts no times, and fails if a row is not paid exactly once.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVideoClient } from '../src/client.ts';
import { fetchParts, startTemporalOnPostgres } from '../deploy/postgres/temporal-on-postgres.ts';
import { createHarness, type BenchHarness } from './batch/harness.ts';
import { admissionId } from '../src/identity/admission-id.ts';
import { initialBalance } from '../src/sandbox-gateway/call-ledger.ts';
import { largestHistories, type Largest } from './many/largest-histories.ts';
import { watchMoments } from './many/moments.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000' },
    server: { type: 'string', default: 'dev' },
    speed: { type: 'string', default: '200' },
  },
});
const [rows, speed] = [Number(values.rows), Number(values.speed)];
if (!Number.isInteger(rows) || rows < 1 || !['dev', 'postgres'].includes(values.server)) {
  throw new RangeError(`Cannot run --rows "${values.rows}" on --server "${values.server}"`);
}

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-many-'));
try {
  const about = { at: new Date().toISOString(), node: process.version, load: loadavg()[0] };
  const report = { ...about, rows, server: values.server, speed, ...(await bench()) };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('many.json', results), `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function bench() {
  if (values.server === 'dev') return run({ databaseFile: join(folder, 'temporal.db') });
  const place = { env: process.env, onProgress: print };
  const postgres = await startTemporalOnPostgres(await fetchParts(place), place);
  try {
    return await run({ existingAddress: postgres.address }, postgres.pids);
  } finally {
    await postgres.stop();
  }
}

async function run(
  server: { databaseFile: string } | { existingAddress: string },
  pids: readonly number[] = [],
) {
  await using harness = await createHarness({ folder, speed, server });
  const worker = await harness.startOurWorker();
  try {
    const batchId = await startBatch(harness);
    const ended = new AbortController();
    const watched = watchMoments({
      workerPid: worker.pid,
      serverPids: harness.serverPid === 0 ? pids : [harness.serverPid],
      rowsDone: () => rowsPaid(harness),
      every: Math.min(1_000, Math.ceil(rows / 10)),
      ended: ended.signal,
      print,
    });
    const begunMs = performance.now();
    // Not by the client, which asks the run for its progress.
    await harness.client.workflow
      .getHandle(batchId)
      .result()
      .finally(() => ended.abort());
    const seconds = (performance.now() - begunMs) / 1_000;
    demandPaidOnce(harness);
    const { url, apiKey } = harness.gateway;
    const ids = { batchId, admissionId: admissionId({ gateway: url, key: apiKey }) };
    const histories = await largestHistories(harness.client, ids);
    print(`${rows} rows in ${seconds.toFixed(1)} s, ${(rows / seconds).toFixed(1)} a second`);
    for (const [of, largest] of Object.entries(histories)) print(lineOf(of, largest));
    return { seconds, rowsPerSecond: rows / seconds, histories, moments: await watched };
  } finally {
    await worker.stop();
  }
}

async function startBatch({ client: { connection }, env }: BenchHarness): Promise<string> {
  const lines = Array.from({ length: rows }, (_, number) => {
    const prompt = `a cat naps in the sun, number ${number}`;
    const body = { model: 'kling-v1', prompt, size: '1280x720', duration: 5 };
    const request = { format: 'generations', body };
    return JSON.stringify({ key: `row-${number}`, line: number + 1, request, tags: [] });
  });
  const manifests = join(env['STORAGE_URL'] ?? '', 'manifests');
  await mkdir(manifests, { recursive: true });
  await writeFile(join(manifests, 'bench.jsonl'), lines.join('\n'));
  const videos = await createVideoClient({ connection });
  const manifest = { key: 'manifests/bench.jsonl' };
  return (await videos.batches.start({ name: 'bench', manifest })).batchId;
}

/** The account never runs empty: it would after 7,000 rows. */
function rowsPaid({ gateway: { ledger } }: BenchHarness): number {
  ledger.balance = initialBalance;
  return ledger.posts.length;
}

function demandPaidOnce({ gateway: { ledger } }: BenchHarness): void {
  if (ledger.posts.length === rows && ledger.paidJobs.length === rows) return;
  throw new Error(`${rows} rows, but ${ledger.posts.length} POSTs, ${ledger.paidJobs.length} paid`);
}

function lineOf(of: string, { runs, events, historyBytes, eventBytes }: Largest): string {
  return `${of}: ${runs} runs read, at most ${events} events, ${historyBytes} bytes of history, ${eventBytes} bytes of one event`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
