import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { temporal } from '@temporalio/proto';
import { expect, test } from 'vitest';
import { fetchEvents } from './history.ts';
import { onetakeJson } from './onetake.ts';
import { createHarness } from './harness.ts';

const rows = 10_000;
const partRows = 200;
/** The server warns from half a megabyte in one payload on. */
const largePayloadBytes = 256 * 1024;

test('a manifest of 10,000 rows is accepted, its first partitions run, and no history grows with the number of rows', async () => {
  await using harness = await createHarness({ speed: 1_000 });
  await harness.startWorker();
  const manifest = join(harness.folder, 'night.csv');
  const lines = Array.from({ length: rows }, (_, row) => `row-${row},kling-v1,scene ${row},5`);
  await writeFile(manifest, ['key,model,prompt,duration', ...lines, ''].join('\n'));
  const flags = ['--yes', '--detach', '--window', '50'];
  const started = await onetakeJson(harness, ['batch', 'run', manifest, ...flags]);
  expect(started).toMatchObject({ code: 0, json: { outcome: 'started' } });

  const { batches } = harness.client;
  const ended = async () => (await batches.status('night')).partitions?.ended ?? 0;
  await expect.poll(ended, { timeout: 300_000, interval: 2_000 }).toBeGreaterThanOrEqual(2);
  const ran = await batches.status('night');
  expect(ran).toMatchObject({ rows, partitions: { total: rows / partRows } });
  expect(ran.counts?.stored).toBeGreaterThanOrEqual(2 * partRows);
  await batches.cancel('night');
  const end = await batches.wait('night', { timeoutMs: 120_000 });
  expect(end).toMatchObject({ outcome: 'cancelled' });

  const begun = end.status.partitions?.begun ?? 0;
  const own = await fetchEvents(harness, 'batch/night');
  expect(own.length / begun).toBeLessThan(100);
  expect(largestPayload(own)).toBeLessThan(largePayloadBytes);
  const part = await fetchEvents(harness, `batch/night/${ran.runId}/part-1`);
  expect(part.length / partRows).toBeLessThan(12);
  expect(largestPayload(part)).toBeLessThan(largePayloadBytes);

  const { posts, paidJobs } = harness.gateway.ledger;
  expect(posts).toHaveLength(paidJobs.length);
  expect(new Set(posts.map(({ body }) => JSON.stringify(body))).size).toBe(posts.length);
}, 600_000);

/** The size of the payloads of the events, in bytes. */
function largestPayload(events: temporal.api.history.v1.IHistoryEvent[]): number {
  const sizes = events.flatMap((event) => payloadSizes(event));
  if (sizes.length === 0) throw new Error('The history has no payloads');
  return Math.max(...sizes);
}

function payloadSizes(value: unknown): number[] {
  if (value instanceof Uint8Array) return [value.byteLength];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((part) => payloadSizes(part));
}
