import { expect, test } from 'vitest';
import { noCounts } from '../../src/contract/batch-counts.ts';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import { batchesHarness } from './batches-harness.ts';
import { snapshot } from './fake-batches.ts';
import { byteOrderMarkOf, placeOf } from './studio-harness.ts';

type Harness = Awaited<ReturnType<typeof batchesHarness>>;

const attack = '"><script>alert(1)</script>';

function jsonl(values: readonly object[]): Buffer {
  return Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** A batch with one part of two rows, of which the second has failed. */
async function withRows({ batches, storage }: Harness, name = 'launch') {
  const status = snapshot(name, {
    rows: 2,
    counts: { ...noCounts, waiting: 1, failed: 1 },
    retryable: 1,
    failures: [
      { key: 'dog', line: 3, billed: 'no', kind: 'moderation', message: `refused ${attack}` },
    ],
  });
  batches.statuses.set(name, status);
  const rows = ['cat', 'dog'].map((key, index) => ({
    key,
    line: index + 2,
    request: { format: 'videos', body: { model: 'sora-2', prompt: `A ${key} ${attack}` } },
    tags: [],
    requestDigest: '',
  }));
  const results: BatchRowResult[] = [
    {
      key: 'dog',
      line: 3,
      videoId: `video/${name}/dog`,
      state: 'failed',
      origin: 'started',
      billed: 'no',
      failure: { kind: 'moderation', message: 'refused', billed: 'no' },
    },
  ];
  await storage.writeSmall(`${status.folder}/part-0001.jsonl`, jsonl(rows));
  await storage.writeSmall(`${status.folder}/results-0001.jsonl`, jsonl(results));
  return status;
}

test('the list shows running batches first, with their progress and expected end', async () => {
  const { get, batches } = await batchesHarness();
  batches.statuses.set('old', snapshot('old', { phase: 'done', closedAt: '2026-12-01T09:00:00Z' }));
  const soon = new Date(Date.now() + 5 * 60_000).toISOString();
  const counts = { ...noCounts, stored: 2, failed: 1, running: 1 };
  batches.statuses.set('new', snapshot('new', { counts, expectedEnd: soon }));
  const page = await (await get('/studio/batches')).text();
  expect(page.indexOf('href="/studio/batches/batch%2Fnew"')).toBeGreaterThan(0);
  expect(page.indexOf('batches/batch%2Fnew')).toBeLessThan(page.indexOf('batches/old'));
  expect(page).toContain('3 of 4 rows have ended');
  expect(page).toContain('Failed 1');
  expect(page).toContain('in about 5 minutes');
});

test('the status of an ended batch is read once, because a worker would replay its history each time', async () => {
  const harness = await batchesHarness();
  let reads = 0;
  const { status } = harness.batches.client;
  harness.batches.client.status = (name) => {
    reads += 1;
    return status(name);
  };
  const ended = { phase: 'done', closedAt: '2026-12-01T09:00:00Z' } as const;
  harness.batches.statuses.set('old', snapshot('old', ended));
  await harness.get('/studio/batches');
  await harness.get('/studio/batches');
  expect(reads).toBe(1);
});

test('the page of an ended batch is not followed, unless a row waits for a decision', async () => {
  const { get, batches } = await batchesHarness();
  const ended = { phase: 'done', closedAt: '2026-12-01T09:00:00Z' } as const;
  const page = async (status: Parameters<typeof snapshot>[1]) => {
    batches.statuses.set('some', snapshot('some', status));
    return (await get('/studio/batches/some')).text();
  };
  expect(await page({ counts: { ...noCounts, stored: 1 } })).toContain('data-live');
  expect(await page({ ...ended, counts: { ...noCounts, unresolved: 1 } })).toContain('data-live');
  expect(await page({ ...ended, counts: { ...noCounts, stored: 1 } })).not.toContain('data-live');
});

test('a batch shows its rows with their videos, and failures with what to do', async () => {
  const harness = await batchesHarness();
  await withRows(harness);
  const page = await (await harness.get('/studio/batches/launch')).text();
  expect(page).toContain('1 of 2 rows have ended');
  expect(page).toContain('href="/studio/videos/video%2Flaunch%2Fdog"');
  expect(page).toContain('Change the prompt or the image, then start it again.');
  expect(page).toContain('Not billed');
  expect(page).toContain('Start the failed row again');
  expect(page).toContain('stored videos are not paid again');
  expect(page).not.toContain('<script>alert');
});

test('a row that has ended or is under way, but has no result yet, is not called unstarted', async () => {
  const list = [{ workflowId: 'video/launch/cat', status: 'COMPLETED' as const, phase: 'stored' }];
  const harness = await batchesHarness({ script: { list } });
  await withRows(harness);
  const page = await (await harness.get('/studio/batches/launch')).text();
  expect(page).toContain('href="/studio/videos/video%2Flaunch%2Fcat"');
  expect(page).not.toContain('Not started yet');
});

test('the videos of exactly the rows without a result are looked up, however many others the batch has', async () => {
  const harness = await batchesHarness();
  const { folder } = await withRows(harness);
  const rows = Array.from({ length: 250 }, (_, nth) => ({
    key: `it's ${nth}`,
    line: nth + 2,
    request: { format: 'videos', body: { model: 'sora-2', prompt: 'A cat' } },
    tags: [],
    requestDigest: '',
  }));
  await harness.storage.writeSmall(`${folder}/part-0001.jsonl`, jsonl(rows));
  await harness.get('/studio/batches/launch');
  const lists = harness.calls.filter(({ name }) => name === 'list');
  const queries = lists.map(({ given: [options] }) => (options as { query: string }).query);
  expect(queries.map((query) => query.match(/video\/launch\//g)?.length)).toEqual([100, 100, 50]);
  expect(queries[2]).toContain(`'video/launch/it\\'s 249'`);
});

test('a list of failures that is cut says which are shown', async () => {
  const harness = await batchesHarness();
  const status = await withRows(harness);
  const counts = { ...noCounts, failed: 2 };
  harness.batches.statuses.set('launch', { ...status, counts });
  const open = await (await harness.get('/studio/batches/launch')).text();
  expect(open).toContain('The newest 1 are shown. When the batch has ended');
  const ended = { ...status, counts, phase: 'done', closedAt: '2026-12-01T09:00:00Z' } as const;
  harness.batches.statuses.set('launch', { ...ended, runId: 'run-2' });
  const closed = await (await harness.get('/studio/batches/launch')).text();
  expect(closed).toContain('The first 1 are shown; the CSV file has all.');
  for (const path of ['/studio/batches/launch', '/studio/batches']) {
    expect(await (await harness.get(path)).text()).toMatch(/<span class="badge bad"\s*>Failed</);
  }
});

test('the results are a CSV file', async () => {
  const harness = await batchesHarness();
  await withRows(harness);
  const response = await harness.get('/studio/batches/launch/results.csv');
  expect(response.headers.get('content-disposition')).toContain('launch-results.csv');
  expect(await byteOrderMarkOf(response.clone())).toBe('efbbbf');
  const text = await response.text();
  expect(text).toMatch(/^line,key,state/);
  expect(text).toContain('3,dog,failed');
});

test('an ended batch shows the failures of its results, where no run can be asked any more', async () => {
  const harness = await batchesHarness();
  const { failures: _newest, ...status } = await withRows(harness);
  const closed = { ...status, phase: 'done', closedAt: '2026-12-01T09:00:00Z' } as const;
  harness.batches.statuses.set('launch', closed);
  const page = await (await harness.get('/studio/batches/launch')).text();
  expect(page).toContain('Rows that failed');
  expect(page).toContain('<code>moderation</code>');
});

test.each([
  ['pause', 'paused'],
  ['resume', 'resumed'],
  ['retry', 'retried'],
  ['keep', 'kept'],
])('%s is a form that comes back to the batch', async (action, done) => {
  const { get, post, batches } = await batchesHarness();
  batches.statuses.set('launch', snapshot('launch'));
  expect((await get(`/studio/batches/launch/${action}`)).status).toBe(404);
  expect(batches.acts).toEqual([]);
  const response = await post(`/studio/batches/launch/${action}`, {});
  expect(response.status).toBe(303);
  expect(placeOf(response)).toBe(`/studio/batches/launch?done=${done}`);
  expect(batches.acts).toEqual([`${action} launch`]);
});

test('a batch is cancelled only when its name was typed', async () => {
  const { get, post, batches } = await batchesHarness();
  batches.statuses.set('launch', snapshot('launch'));
  const page = await (await get('/studio/batches/launch/stop')).text();
  expect(page).toContain('stay billed');
  const wrong = await post('/studio/batches/launch/cancel', { typed: 'lunch' });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('id="typed-fault"');
  expect(batches.acts).toEqual([]);
  await post('/studio/batches/launch/cancel', { typed: ' launch ' });
  expect(batches.acts).toEqual(['cancel launch']);
});

test('no action is taken for a form of another site', async () => {
  const { post, batches } = await batchesHarness();
  batches.statuses.set('launch', snapshot('launch'));
  const foreign = { origin: 'https://evil.example' };
  for (const action of ['pause', 'resume', 'retry', 'keep', 'cancel']) {
    const response = await post(`/studio/batches/launch/${action}`, { typed: 'launch' }, foreign);
    expect(response.status).toBe(403);
  }
  expect(batches.acts).toEqual([]);
});

test('a batch with the name of a page is reached by its workflow id', async () => {
  const { get, batches } = await batchesHarness();
  batches.statuses.set('new', snapshot('new'));
  expect(await (await get('/studio/batches/batch%2Fnew')).text()).toContain('<h1>new</h1>');
});

test('only texts of ours are shown about what an action did', async () => {
  const { get, batches } = await batchesHarness();
  batches.statuses.set('launch', snapshot('launch'));
  const now = String(Date.now());
  const at = (done: string) =>
    get(`/studio/batches/launch?${String(new URLSearchParams({ done, at: now }))}`);
  expect(await (await at('paused')).text()).toContain('Paused: no more rows start');
  for (const unknown of [attack, 'constructor']) {
    const page = await (await at(unknown)).text();
    expect(page).not.toContain('class="notice good"');
    expect(page).not.toContain('<script>alert');
  }
});

test('a batch that does not exist is a page that says so', async () => {
  const { get } = await batchesHarness();
  const response = await get('/studio/batches/nothing');
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('There is no batch');
});
