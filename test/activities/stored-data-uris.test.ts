import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { createPrepareBatch } from '../../src/activities/batch/prepare-batch.ts';
import type { PartitionRow } from '../../src/contract/batch.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { createStoredImages } from '../../src/storage/records/stored-images.ts';
import { inlineDataUris, storeDataUris } from '../../src/identity/stored-data-uris.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { dataUri, digestBefore, inlineRequest } from '../fakes/data-uris.ts';
import { claim, claimKey, submitHarness } from './submit-harness.ts';

async function stageWithBoth() {
  const harness = await submitHarness();
  const stored = await storeDataUris(inlineRequest, harness.images.putText);
  const submit = (request: VideoRequest) =>
    activityHarness().run(harness.submitVideo, { request, claimKey });
  return { ...harness, stored, submit };
}

describe('one key, with the bytes of a picture inline and with the picture stored', () => {
  test.each(['inline first', 'stored first'])(
    '%s, is one POST of the same bytes',
    async (order) => {
      const { stored, submit, gateway, readClaim } = await stageWithBoth();
      const [first, second] =
        order === 'inline first' ? [inlineRequest, stored] : [stored, inlineRequest];
      await submit(first);
      expect(await submit(second)).toMatchObject({ jobId: 'task_1', foundInClaim: true });
      expect(gateway.submitted.map(({ request }) => request)).toEqual([inlineRequest]);
      expect((await readClaim()).requestDigest).toBe(digestBefore);
    },
  );

  test('is answered by the claim of an earlier version: nothing is sent', async () => {
    const { stored, submit, gateway, claims } = await stageWithBoth();
    const earlier = { ...claim, gateway: gateway.origin, requestDigest: digestBefore };
    await claims.acquire(earlier);
    await claims.record(earlier, { state: 'accepted', jobId: 'task_0', submittedAt: 1 });
    expect(await submit(stored)).toMatchObject({ jobId: 'task_0', foundInClaim: true });
    expect(gateway.submitted).toEqual([]);
  });

  test('is answered by its claim when the stored picture is gone', async () => {
    const { stored, submit, gateway, storage, files } = await stageWithBoth();
    await submit(stored);
    const images = (await files()).filter((key) => key.startsWith('images/'));
    for (const key of images) await storage.remove(key);
    expect(await submit(stored)).toMatchObject({ jobId: 'task_1', foundInClaim: true });
    expect(gateway.submitted).toHaveLength(1);
  });
});

test.each([
  ['whose prompt was changed since', { prompt: 'another' }],
  ['whose model was changed since', { model: 'kling-v2-master' }],
])('a request %s is refused, and nothing is sent or claimed', async (_title, change) => {
  const { stored, submit, gateway, claims } = await stageWithBoth();
  const changed = { ...stored, body: { ...stored.body, ...change } };
  const failure = detailsOf(await failureOf(submit(changed)));
  expect(failure).toMatchObject({ kind: 'invalid_request', outcome: 'refused', billed: 'no' });
  expect(gateway.submitted).toEqual([]);
  expect(await claims.find(claimKey)).toBeNull();
});

test('a data URI that is damaged in the storage is not sent', async () => {
  const { stored, submit, gateway, storage, files } = await stageWithBoth();
  const [key = ''] = await files();
  await storage.writeSmall(key, Buffer.from(dataUri.replace('AA', 'AB')));
  expect(detailsOf(await failureOf(submit(stored)))).toMatchObject({ billed: 'no' });
  expect(gateway.submitted).toEqual([]);
});

test('a row with a date in its prompt has the digest of the dated request with the bytes inline', async () => {
  const place = await tempStorage();
  const { putText, getText } = createStoredImages(place);
  const body = { ...inlineRequest.body, prompt: 'a cat on {{date}}' };
  const request = await storeDataUris({ ...inlineRequest, body }, putText);
  const row = JSON.stringify({ key: 'cat', line: 2, tags: [], request });
  await place.storage.writeSmall('manifest.jsonl', Buffer.from(row));
  const at = '2026-11-23T22:30:00Z';
  const given = { manifest: 'manifest.jsonl', folder: 'batches/launch/run', at, timeZone: 'UTC' };
  await activityHarness().run(createPrepareBatch(place), given);
  const [dated] = (await place.text('batches/launch/run/part-0001.jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PartitionRow);
  if (!dated) throw new Error('The row is missing');
  const inline = await inlineDataUris(dated.request, getText);
  expect(inline.body).toEqual({ ...inlineRequest.body, prompt: 'a cat on 2026-11-23' });
  expect(dated.requestDigest).toBe(requestDigest(inline));
});
