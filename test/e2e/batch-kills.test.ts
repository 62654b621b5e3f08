import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { numbered, writeManifest } from './manifest.ts';
import { onetakeJson } from './onetake.ts';
import { createHarness, until, type Harness } from './harness.ts';

const rows = 200;
const window = 20;

async function sha256Of(harness: Harness, key: string): Promise<string> {
  const bytes = await readFile(join(harness.folder, 'storage', key));
  return createHash('sha256').update(bytes).digest('hex');
}

/** No submit runs then: a submit that is killed has to be resolved by a person. */
async function untilAllWatched(harness: Harness): Promise<void> {
  await until('a window of submitted jobs', async () => {
    const { videos = {} } = await harness.client.batches.status('launch');
    return (videos.queued ?? 0) + (videos.running ?? 0) >= window;
  });
}

async function expectAllStored(harness: Harness): Promise<void> {
  const watched = await onetakeJson(harness, ['batch', 'watch', 'launch']);
  expect(watched).toMatchObject({ code: 0, json: { outcome: 'done', counts: { stored: rows } } });
  expect(harness.gateway.ledger.paidJobs).toHaveLength(rows);
  const { json } = await onetakeJson<{ results?: BatchRowResult[] }>(harness, [
    'batch',
    'results',
    'launch',
  ]);
  expect(json.results).toHaveLength(rows);
  for (const { video, state } of json.results ?? []) {
    expect(state).toBe('stored');
    expect(await sha256Of(harness, video?.key ?? '')).toBe(video?.sha256);
  }
}

test('a batch whose processes are killed makes every video of its manifest once, and a second run pays nothing', async () => {
  await using outer = await createHarness();
  const options = {
    databaseFile: join(outer.folder, 'temporal.db'),
    port: await findFreePort(),
    ui: false,
  };
  let server = await startTemporalServer(options);
  try {
    await using harness = await createHarness({ address: server.address });
    const worker = await harness.startWorker();
    const manifest = await writeManifest(harness, 'launch', numbered(rows));
    const flags = ['--yes', '--window', `${window}`];
    const started = await onetakeJson(harness, ['batch', 'run', manifest, ...flags, '--detach']);
    expect(started).toMatchObject({ code: 0, json: { outcome: 'started', name: 'launch' } });
    await untilAllWatched(harness);
    await Promise.all([server.stop(), worker.kill()]);
    server = await startTemporalServer(options);
    await harness.startWorker();
    await expectAllStored(harness);
    const again = await onetakeJson(harness, ['batch', 'run', manifest, ...flags]);
    expect(again).toMatchObject({ code: 0, json: { outcome: 'done', origins: { cached: rows } } });
    expect(harness.gateway.ledger.posts).toHaveLength(rows);
  } finally {
    await server.stop();
  }
}, 600_000);
