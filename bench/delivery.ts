/**
 * `npm run bench:delivery`: downloads compared on the loopback interface and one disk (Linux).
 *
 * - 1 GB: ours, hashed, verified and stored in a folder, against `curl -o`; then the same to an S3 server, against a plain
 *   multipart upload of as many bytes from memory.
 * - 16 videos of 60 MB at once, to both: the peak of memory.
 * - 300 MB from a server that disconnects every 2 to 6 MB: bytes fetched per byte of the file.
 *
 * Prints a table and writes bench/results/delivery.json. It asserts no times. `-- --mb 100` uses smaller files,
 * `-- --rounds 1` fewer rounds; the fastest round of each side counts.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startS3Server } from '../test/support/s3-server.ts';
import type { S3StorageOptions } from '../src/storage/s3/bucket.ts';
import { createS3Storage } from '../src/storage/s3/s3-storage.ts';
import type { DownloadOrder, DownloadReport } from './delivery/download.ts';
import type { UploadOrder } from './delivery/upload.ts';

const megabyte = 1_000_000;
const atOnce = 16;
const run = promisify(execFile);
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    'cut-mb': { type: 'string', default: '300' },
    'many-mb': { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
try {
  const whole = await benchWhole(Number(values.mb) * megabyte, Number(values.rounds));
  const many = await benchMany(Number(values['many-mb']) * megabyte);
  const cut = await benchCut(Number(values['cut-mb']) * megabyte);
  const report = { node: process.version, at: new Date().toISOString(), ...whole, many, cut };
  const results = new URL('results/', import.meta.url);
  await mkdir(results, { recursive: true });
  await writeFile(new URL('delivery.json', results), `${JSON.stringify(report, null, 2)}\n`);
  print(table(report));
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Side {
  seconds: number;
  megabytesPerSecond: number;
  /** Peak memory of the downloading process above its start. */
  memoryMb?: number;
}

async function benchWhole(sizeBytes: number, rounds: number) {
  const server = await startMedia(sizeBytes);
  const url = `http://127.0.0.1:${server.port}/whole`;
  const sides: Record<'curl' | 'folder' | 'plainS3' | 's3', Side[]> = {
    curl: [],
    folder: [],
    plainS3: [],
    s3: [],
  };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      sides.curl.push(await runCurl(url, sizeBytes));
      sides.folder.push(sideOf(await store({ url, storage: { folder: join(folder, 'storage') } })));
      await rm(join(folder, 'storage'), { recursive: true, force: true });
    }
    await withBucket(async (storage) => {
      for (let round = 1; round <= rounds; round += 1) {
        sides.plainS3.push(await runUpload({ storage, sizeBytes }));
        sides.s3.push(sideOf(await store({ url, storage })));
        // An upload that finds the video would download nothing.
        await emptyBucket(storage);
      }
    });
  } finally {
    server.child.kill();
  }
  const [curl, ours] = [fastest(sides.curl), fastest(sides.folder)];
  const [plainS3, s3] = [fastest(sides.plainS3), fastest(sides.s3)];
  const rateOverCurl = { folder: curl.seconds / ours.seconds, s3: curl.seconds / s3.seconds };
  const rateOverUpload = plainS3.seconds / s3.seconds;
  const best = { curl, folder: ours, plainS3, s3 };
  return { sizeBytes, rounds, ...best, rateOverCurl, rateOverUpload, all: sides };
}

async function benchMany(sizeBytes: number) {
  const server = await startMedia(sizeBytes);
  const url = `http://127.0.0.1:${server.port}/whole`;
  const sides: { folder?: Side; s3?: Side } = {};
  try {
    const storage = { folder: join(folder, 'many') };
    sides.folder = sideOf(await store({ url, storage, count: atOnce }));
    await rm(storage.folder, { recursive: true, force: true });
    await withBucket(async (bucket) => {
      sides.s3 = sideOf(await store({ url, storage: bucket, count: atOnce }));
    });
    return { sizeBytes, atOnce, ...sides };
  } finally {
    server.child.kill();
  }
}

async function benchCut(sizeBytes: number) {
  const server = await startMedia(sizeBytes);
  try {
    const url = `http://127.0.0.1:${server.port}/cut`;
    const { seconds } = await store({ url, storage: { folder: join(folder, 'cut') } });
    server.child.send('how much?');
    const { cuts, sentBytes } = await message<{ cuts: number; sentBytes: number }>(server.child);
    return { sizeBytes, cuts, sentBytes, fetchedOverSize: sentBytes / sizeBytes, seconds };
  } finally {
    server.child.kill();
  }
}

async function runCurl(url: string, sizeBytes: number): Promise<Side> {
  const begun = performance.now();
  await run('curl', ['--silent', '--show-error', '--fail', '-o', join(folder, 'curl.mp4'), url]);
  return rate((performance.now() - begun) / 1000, sizeBytes);
}

async function runUpload(order: UploadOrder): Promise<Side> {
  const child = start('upload.ts', []);
  await message(child);
  child.send(order);
  return rate((await message<{ seconds: number }>(child)).seconds, order.sizeBytes);
}

async function store(order: DownloadOrder): Promise<DownloadReport> {
  const child = start('download.ts', []);
  await message(child);
  child.send(order);
  return message<DownloadReport>(child);
}

async function startMedia(sizeBytes: number): Promise<{ child: ChildProcess; port: number }> {
  const child = start('media-server.ts', [String(sizeBytes)]);
  return { child, port: (await message<{ port: number }>(child)).port };
}

function start(file: string, args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(`delivery/${file}`, import.meta.url));
  return fork(path, args, { execArgv: ['--import', 'tsx'] });
}

async function message<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${String(code)}`);
  });
  const [first] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => {});
  return first;
}

async function emptyBucket(options: S3StorageOptions): Promise<void> {
  const storage = createS3Storage(options);
  for await (const { key } of storage.list('')) await storage.remove(key);
}

async function withBucket(use: (storage: S3StorageOptions) => Promise<void>): Promise<void> {
  const server = await startS3Server({ onProgress: print });
  const { endpoint, region, credentials } = server;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  try {
    await client.send(new CreateBucketCommand({ Bucket: 'bench' }));
    await use({ bucket: 'bench', prefix: '', endpoint, region, credentials });
  } finally {
    client.destroy();
    await server.stop();
  }
}

function sideOf({ seconds, sizeBytes, idleRssBytes, peakRssBytes }: DownloadReport): Side {
  const memoryMb = Math.round((peakRssBytes - idleRssBytes) / megabyte);
  return { ...rate(seconds, sizeBytes), memoryMb };
}

function rate(seconds: number, sizeBytes: number): Side {
  return { seconds, megabytesPerSecond: Math.round(sizeBytes / megabyte / seconds) };
}

function fastest(sides: Side[]): Side {
  const [first] = sides.toSorted((left, right) => left.seconds - right.seconds);
  if (!first) throw new RangeError('The benchmark has no round');
  return first;
}

type Report = Awaited<ReturnType<typeof benchWhole>> & {
  many: Awaited<ReturnType<typeof benchMany>>;
  cut: Awaited<ReturnType<typeof benchCut>>;
};

function table({ sizeBytes, rateOverCurl, rateOverUpload, many, cut, ...sides }: Report): string {
  const row = (name: string, side: Side, over = '') =>
    [
      name.padEnd(34),
      `${side.seconds.toFixed(2)} s`.padStart(9),
      `${side.megabytesPerSecond} MB/s`.padStart(11),
      over.padStart(24),
      (side.memoryMb === undefined ? '' : `+${side.memoryMb} MB`).padStart(9),
    ].join('');
  return [
    `${sizeBytes / megabyte} MB`,
    row('curl -o', sides.curl),
    row(
      'ours to a folder, hashed, verified',
      sides.folder,
      `${rateOverCurl.folder.toFixed(2)} of curl`,
    ),
    row('plain upload to S3 from memory', sides.plainS3),
    row('ours to S3, hashed, verified', sides.s3, `${rateOverUpload.toFixed(2)} of the upload`),
    `${many.atOnce} × ${many.sizeBytes / megabyte} MB at once`,
    ...(many.folder ? [row('ours to a folder', many.folder)] : []),
    ...(many.s3 ? [row('ours to S3', many.s3)] : []),
    `${cut.sizeBytes / megabyte} MB, broken off ${cut.cuts} times: ${cut.fetchedOverSize.toFixed(4)} bytes fetched for each byte`,
  ].join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
