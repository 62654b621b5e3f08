import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createMergeResults } from '../../src/activities/batch/merge-results.ts';
import { createPrepareBatch } from '../../src/activities/batch/prepare-batch.ts';
import { createReadPartition } from '../../src/activities/batch/read-partition.ts';
import { createRecordResults } from '../../src/activities/batch/record-results.ts';
import type { PreparedBatch } from '../../src/contract/batch.ts';
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

  test.each(['x/resubmit-2', 'resubmit-2', 'take-2', ' x', 'a\nb', 'a\u202eb'])(
    'with the row key %j is an invalid request: it is the id of another video, or cannot be read',
    async (key) => {
      const place = await tempStorage();
      await place.storage.writeSmall(
        'manifest.jsonl',
        Buffer.from(JSON.stringify({ ...row, key })),
      );
      await expect(run(place, {})).rejects.toMatchObject(invalid);
      expect(await place.files()).toEqual(['manifest.jsonl']);
    },
  );

  test('with more rows than its history can hold is an invalid request, before any is submitted', async () => {
    const place = await tempStorage();
    const lines = Array.from({ length: 201 }, (_, nth) =>
      JSON.stringify({ ...row, key: `${nth}` }),
    );
    await place.storage.writeSmall('manifest.jsonl', Buffer.from(lines.join('\n')));
    const prepared = async (maxRows: number): Promise<PreparedBatch> =>
      new MockActivityEnvironment().run(createPrepareBatch({ ...place, maxRows }), given);
    await expect(prepared(200)).rejects.toMatchObject(invalid);
    expect((await prepared(201)).partitions.map(({ count }) => count)).toEqual([200, 1]);
  });

  test('with one row key in two spellings is an invalid request: they are one video', async () => {
    const place = await tempStorage();
    const lines = ['caf\u00e9', 'cafe\u0301'].map((key) => `${JSON.stringify({ ...row, key })}\n`);
    await place.storage.writeSmall('manifest.jsonl', Buffer.from(lines.join('')));
    await expect(run(place, {})).rejects.toMatchObject(invalid);
  });

  test('with a decomposed row key makes the video of the composed one', async () => {
    const place = await tempStorage();
    const line = JSON.stringify({ ...row, key: 'cafe\u0301' });
    await place.storage.writeSmall('manifest.jsonl', Buffer.from(line));
    await run(place, {});
    const part = await place.text(`${given.folder}/part-0001.jsonl`);
    expect(JSON.parse(part)).toMatchObject({ key: 'caf\u00e9' });
  });

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
