import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createMergeResults } from '../../src/activities/merge-results.ts';
import { createPrepareBatch } from '../../src/activities/prepare-batch.ts';
import { createReadPartition } from '../../src/activities/read-partition.ts';
import { createRecordResults } from '../../src/activities/record-results.ts';
import { tempStorage, type TempStorage } from '../fakes/temp-storage.ts';

const at = '2026-11-23T22:30:00Z';
const row = {
  key: 'row-1',
  line: 1,
  tags: [],
  request: { format: 'videos', body: { model: 'kling-v1', prompt: 'scene', duration: 5 } },
};

describe('a batch that is started by name', () => {
  const invalid = { type: 'invalid_request', nonRetryable: true };
  const given = { manifest: 'manifest.jsonl', folder: 'batches/launch/run', at, timeZone: 'UTC' };
  const run = (place: TempStorage, wrong: Partial<typeof given>) =>
    new MockActivityEnvironment().run(createPrepareBatch(place), { ...given, ...wrong });

  test.each(['../manifest.jsonl', '/etc/passwd', 'a//b', 'a\\b', '.unfinished/a', ''])(
    'with the manifest "%s" is an invalid request',
    async (manifest) => {
      await expect(run(await tempStorage(), { manifest })).rejects.toMatchObject(invalid);
    },
  );

  test.each(['..', '../..', '', 'a/../../b', 'a\\b', 'a\0b'])(
    'with the name %j is an invalid request before a row is read',
    async (name) => {
      const place = await tempStorage();
      await place.storage.writeSmall('manifest.jsonl', Buffer.from(JSON.stringify(row)));
      await expect(run(place, { folder: `batches/${name}/run` })).rejects.toMatchObject(invalid);
      expect(await place.files()).toEqual(['manifest.jsonl']);
    },
  );

  test('with parts outside the storage is an invalid request', async () => {
    const place = await tempStorage();
    const environment = new MockActivityEnvironment();
    await expect(
      environment.run(createReadPartition(place), { rows: '../part.jsonl' }),
    ).rejects.toMatchObject(invalid);
    await expect(
      environment.run(createRecordResults(place), {
        key: '../results.jsonl',
        results: [],
      }),
    ).rejects.toMatchObject(invalid);
    await expect(
      environment.run(createMergeResults(place), { parts: [], targets: ['batches/..'] }),
    ).rejects.toMatchObject(invalid);
  });
});
