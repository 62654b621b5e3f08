import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { storageConfig } from '../../src/config/storage-config.ts';
import { padded } from '../../src/sandbox-gateway/media-fixtures.ts';
import { readMediaFile } from '../../src/sandbox-gateway/media-library.ts';
import { createStorage } from '../../src/storage/create-storage.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { s3StartTimeoutMs, useS3 } from '../support/s3.ts';
import { startS3Proxy } from '../support/s3-proxy.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness, type WorkerProcess } from './harness.ts';

const run = promisify(execFile);
const freshBucket = useS3();
/** An attempt that died with its worker is missed after 60 s, a silent server after 45 s. */
const limitMs = 240_000;
const chunkBytes = 8 * 1024 * 1024;

/** The file of `dl-large`. */
const large = padded(readMediaFile('1280x720-5s.mp4'), 40 * 1024 * 1024);
const sha256 = createHash('sha256').update(large).digest('hex');

/** The heartbeats contain the progress of a download. */
const readable = { payloadKeys: '' };

type Env = Record<string, string>;

async function bucketEnv(endpoint?: string): Promise<Env> {
  const bucket = await freshBucket();
  return {
    STORAGE_URL: `s3://${bucket.bucket}/${bucket.prefix}`,
    S3_ENDPOINT: endpoint ?? bucket.endpoint ?? '',
    AWS_REGION: bucket.region ?? '',
    AWS_ACCESS_KEY_ID: bucket.credentials?.accessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: bucket.credentials?.secretAccessKey ?? '',
  };
}

/** A download under way, as the server knows it. */
interface Attempt {
  attempt: number;
  receivedBytes: number;
  /** Kind of the failure of the attempt before. */
  failedAs?: string;
}

async function attemptOf(harness: Harness, videoId: string): Promise<Attempt | undefined> {
  const handle = harness.temporal.workflow.getHandle(videoId);
  const { pendingActivities } = (await handle.describe()).raw;
  const pending = pendingActivities?.find(
    ({ activityType }) => activityType?.name === 'storeVideo',
  );
  if (!pending) return undefined;
  const [heartbeat] = pending.heartbeatDetails?.payloads ?? [];
  const told = Buffer.from(heartbeat?.data ?? '{}').toString('utf8');
  const { receivedBytes = 0 } = JSON.parse(told) as { receivedBytes?: number };
  const failedAs = pending.lastFailure?.applicationFailureInfo?.type;
  return { attempt: pending.attempt ?? 0, receivedBytes, ...(failedAs && { failedAs }) };
}

function untilReceived(harness: Harness, videoId: string, receivedBytes: number): Promise<unknown> {
  const look = async () => (await attemptOf(harness, videoId))?.receivedBytes === receivedBytes;
  return until(`${receivedBytes} bytes of ${videoId}`, look, limitMs);
}

/** Waits until an attempt has failed at the storage, the given one or a later one. */
function untilRefused(harness: Harness, videoId: string, from = 1): Promise<Attempt> {
  const look = async () => {
    const attempt = await attemptOf(harness, videoId);
    const isRefused = attempt?.failedAs === 'storage_unavailable' && attempt.attempt > from;
    return isRefused && attempt;
  };
  return until(`a download of ${videoId} that cannot be stored`, look, limitMs);
}

/** The current details in the Temporal UI. */
async function detailsOf({ temporal }: Harness, videoId: string): Promise<string> {
  const handle = temporal.workflow.getHandle(videoId);
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

async function start(harness: Harness, scenario: string): Promise<string> {
  return (await harness.client.start(playing(scenario))).videoId;
}

interface Delivered {
  harness: Harness;
  storage: VideoStorage;
  videoIds: string[];
}

/** Each is stored byte for byte, with one POST, and nothing unfinished lies about. */
async function expectDelivered({ harness, storage, videoIds }: Delivered): Promise<void> {
  for (const videoId of videoIds) {
    const outcome = await harness.client.wait(videoId, { timeoutMs: limitMs });
    expect(outcome).toMatchObject({ outcome: 'stored', result: { video: { sha256 } } });
    if (outcome.outcome !== 'stored') continue;
    const hash = createHash('sha256');
    for await (const chunk of storage.read(outcome.result.video.key)) hash.update(chunk);
    expect(hash.digest('hex')).toBe(sha256);
  }
  expect(await storage.leftovers()).toEqual({ count: 0, sizeBytes: 0 });
  expect(harness.gateway.ledger.posts).toHaveLength(videoIds.length);
}

async function sentBytes({ client, gateway }: Harness, videoId: string): Promise<number> {
  const { jobId = '' } = await client.status(videoId);
  const requests = gateway.ledger.mediaRequests.filter(({ path }) => path.includes(jobId));
  return requests.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

describe.concurrent('a paid video is delivered once the fault is over', () => {
  test.each([
    ['a folder', async () => ({})],
    ['S3', () => bucketEnv()],
  ])(
    'after kill -9 of the worker at 10, 50 and 90 % of downloads to %s: at most 8 MiB are downloaded twice',
    async (_name, envOf: () => Promise<Env>) => {
      await using harness = await createHarness(readable);
      const env = await envOf();
      const worker = await harness.startWorker(env);
      const percents = [10, 50, 90];
      const videoIds = await Promise.all(
        percents.map((percent) => start(harness, `dl-large=${percent}`)),
      );
      for (const [nth, percent] of percents.entries()) {
        const stalledAt = Math.floor((large.length * percent) / 100);
        await untilReceived(harness, videoIds[nth] ?? '', stalledAt);
      }
      await worker.kill();
      await harness.startWorker(env);
      const storage = await createStorage(storageConfig({ ...harness.env, ...env }));
      await expectDelivered({ harness, storage, videoIds });
      for (const videoId of videoIds) {
        expect((await sentBytes(harness, videoId)) - large.length).toBeLessThanOrEqual(chunkBytes);
      }
    },
    s3StartTimeoutMs,
  );

  test(
    'after the folder was removed during the download',
    async () => {
      await using harness = await createHarness(readable);
      await harness.startWorker();
      const videoId = await start(harness, 'dl-large=50');
      await untilReceived(harness, videoId, Math.floor(large.length / 2));
      await rm(harness.env.STORAGE_URL, { recursive: true });
      const storage = await createStorage(storageConfig(harness.env));
      await expectDelivered({ harness, storage, videoIds: [videoId] });
    },
    limitMs,
  );

  test(
    'after the folder was unavailable',
    async () => {
      await using harness = await createHarness(readable);
      await harness.startWorker();
      const folder = harness.env.STORAGE_URL;
      const videoId = await start(harness, 'dl-large');
      await untilPhase(harness, videoId, ['queued', 'running']);
      await rename(folder, `${folder}-away`);
      await writeFile(folder, 'no folder');
      // Attempt 3 waits: two have failed.
      await untilRefused(harness, videoId, 2);
      const told = { step: 'delivery', attempt: 2, failure: { kind: 'storage_unavailable' } };
      expect(await harness.client.status(videoId)).toMatchObject({ retrying: told });
      await until('the details in the UI', async () =>
        (await detailsOf(harness, videoId)).includes('delivery failed 2 times in a row, next try'),
      );
      await rm(folder);
      await rename(`${folder}-away`, folder);
      const storage = await createStorage(storageConfig(harness.env));
      await expectDelivered({ harness, storage, videoIds: [videoId] });
    },
    limitMs,
  );

  test.skipIf(process.platform !== 'linux')(
    'after the disk was full',
    async () => {
      await using harness = await createHarness(readable);
      const worker = await harness.startWorker();
      await limitFiles(worker, String(chunkBytes * 2));
      const videoId = await start(harness, 'dl-large');
      await untilRefused(harness, videoId);
      await limitFiles(worker, 'unlimited');
      const storage = await createStorage(storageConfig(harness.env));
      await expectDelivered({ harness, storage, videoIds: [videoId] });
    },
    limitMs,
  );

  test(
    'after S3 refused parts, was down, and was slow',
    async () => {
      const { endpoint = '' } = await freshBucket();
      await using proxy = await startS3Proxy(endpoint);
      await using harness = await createHarness(readable);
      const env = await bucketEnv(proxy.endpoint);
      await harness.startWorker(env);
      proxy.mood = 'refusing';
      const videoId = await start(harness, 'dl-large');
      const { attempt } = await untilRefused(harness, videoId);
      proxy.mood = 'down';
      await untilRefused(harness, videoId, attempt);
      proxy.mood = 'slow';
      const disturbedBefore = proxy.disturbed;
      await untilPhase(harness, videoId, ['stored']);
      expect(proxy.disturbed).toBeGreaterThan(disturbedBefore);
      const storage = await createStorage(storageConfig({ ...harness.env, ...env }));
      await expectDelivered({ harness, storage, videoIds: [videoId] });
    },
    s3StartTimeoutMs,
  );
});

/** How long a file may be that this process writes: a write beyond it fails, as on a full disk. Linux has it. */
async function limitFiles({ pid }: WorkerProcess, bytes: string): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}
