import { expect, test } from 'vitest';
import type { VideoSnapshot } from '../../src/client.ts';
import { readSidecar } from '../../src/contract/video-sidecar.ts';
import { sidecarKey } from '../../src/identity/object-key.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createHarness, type Harness } from './harness.ts';
import { onetake } from './onetake.ts';
import { astronaut } from './requests.ts';

/** Stores one video, and returns its sidecar and the statuses on the way. */
async function storeOne({ client, env }: Harness, key: string) {
  const statuses: VideoSnapshot[] = [];
  const { videoId } = await client.start(astronaut, { key });
  const onStatus = (status: VideoSnapshot) => void statuses.push(status);
  const ended = await client.wait(videoId, { onStatus });
  if (ended.outcome !== 'stored') throw new Error(`"${key}" ended as ${ended.outcome}`);
  const storage = createFileStorage({ folder: env.STORAGE_URL });
  const bytes = await storage.readSmall(sidecarKey(ended.result.video.key), 1e6);
  return { statuses, sidecar: readSidecar(Buffer.from(bytes ?? []).toString('utf8')) };
}

test('after five videos a new worker says how long the next one will take', async () => {
  await using harness = await createHarness();
  const first = await harness.startWorker();
  const keys = ['one', 'two', 'three', 'four', 'five'];
  const before = await Promise.all(keys.map((key) => storeOne(harness, key)));
  const seconds = before.map(({ sidecar }) => sidecar?.jobSeconds ?? 0);
  expect(Math.min(...seconds)).toBeGreaterThan(0);
  expect(before.flatMap(({ statuses }) => statuses.filter(({ expected }) => expected))).toEqual([]);
  await first.stop();
  await harness.startWorker();
  const { statuses } = await storeOne(harness, 'next');
  const [told] = statuses.filter(({ expected }) => expected);
  const { submittedAt = '', expected } = told ?? {};
  const takes = [expected?.from, expected?.at, expected?.to].map(
    (time) => (Date.parse(time ?? '') - Date.parse(submittedAt)) / 1_000,
  );
  expect(takes).toEqual(takes.toSorted((a, b) => a - b));
  expect(Math.min(...takes)).toBeGreaterThanOrEqual(Math.min(...seconds));
  expect(Math.max(...takes)).toBeLessThanOrEqual(Math.max(...seconds));
  const { stderr } = await onetake(harness, ['generate', 'a cat', '--model', 'kling-v1']);
  expect(stderr).toMatch(/usually \d:\d\d/);
});
