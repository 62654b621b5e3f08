import { expect, test } from 'vitest';
import { batchesHarness, hiddenOf } from './batches-harness.ts';
import { placeOf } from './studio-harness.ts';

const good = 'key,model,prompt,seconds\ncat,sora-2,A cat,4\ndog,sora-2,A dog,8\n';
const bad =
  'key,model,prompt,seconds\ncat,sora-2,A cat,4\ndog,sora-2,A dog,many\n,,,\nfox,,A fox,4\n';
const path = '/studio/batches/new';
const start = '/studio/batches/start';

test('the form of a new batch takes a file, and looking at it starts nothing', async () => {
  const { get, batches } = await batchesHarness();
  const page = await (await get(path)).text();
  expect(page).toContain('enctype="multipart/form-data"');
  expect(page).toContain('for="file"');
  expect(batches.started).toEqual([]);
});

test('all errors of a file are shown with their lines and values, and nothing is stored or started', async () => {
  const { upload, batches, storage } = await batchesHarness();
  const response = await upload(path, { name: 'launch.csv', text: bad });
  const page = await response.text();
  expect(response.status).toBe(422);
  expect(page).toContain('2 errors in “launch.csv”');
  expect(page).toMatch(/<th scope="row"[^>]*>3<\/th>.*<code>seconds<\/code>.*<q[^>]*>many<\/q>/s);
  expect(page).toMatch(/<th scope="row"[^>]*>5<\/th>.*<code>model<\/code>/s);
  expect(page).toContain('data-autofocus');
  expect(batches.started).toEqual([]);
  for await (const { key } of storage.list('batches/')) expect(key).toBe('nothing');
});

test('more errors than the command line lists are all shown', async () => {
  const { upload } = await batchesHarness();
  const rows = Array.from({ length: 150 }, (_, index) => `k${index},sora-2,A cat,no\n`).join('');
  const response = await upload(path, { name: 'a.csv', text: `key,model,prompt,seconds\n${rows}` });
  const page = await response.text();
  expect(page).toContain('150 errors');
  expect(page.match(/<tr>/g)?.length).toBe(151);
});

test('a checked file shows what it costs, and starts only when the quote is confirmed', async () => {
  const { upload, post, batches } = await batchesHarness({ prospects: ['started', 'cached'] });
  const fields = { window: '3', capVideos: '10', capMoney: '2.5', timeZone: 'Asia/Shanghai' };
  const checked = await upload(path, { name: 'Launch 1.csv', text: good }, { fields });
  const page = await checked.text();
  expect(checked.status).toBe(200);
  expect(page).toContain('1 video, 4 s: at most 0.4');
  expect(page).toContain('1 video, 8 s: not paid again');
  expect(batches.started).toEqual([]);

  const confirmed = await post(start, hiddenOf(page, start));
  expect(confirmed.status).toBe(303);
  expect(placeOf(confirmed)).toBe('/studio/batches/launch-1?done=started');
  expect(batches.started).toEqual([
    {
      name: 'launch-1',
      manifest: { key: expect.stringMatching(/^batches\/launch-1\/manifest-[0-9a-f]{12}\.jsonl$/) },
      window: 3,
      caps: { videos: 10, money: 2.5 },
      timeZone: 'Asia/Shanghai',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  ]);
});

test('rows are started with the day of their quote, also after midnight and from an old page', async () => {
  const clock = { at: '2026-12-01T23:59:00.000Z' };
  const { upload, post, batches } = await batchesHarness({ now: () => Date.parse(clock.at) });
  const text = 'key,model,prompt,seconds\n{{date}}-cat,sora-2,A cat,4\n';
  const page = await (await upload(path, { name: 'launch.csv', text })).text();
  clock.at = '2026-12-02T00:01:00.000Z';
  await post(start, hiddenOf(page, start));
  batches.statuses.clear();
  const [first] = batches.started.splice(0);
  await post(start, hiddenOf(page, start));
  expect(first?.at).toBe('2026-12-01T23:59:00.000Z');
  expect(batches.started).toEqual([first]);
});

test('another file is chosen with the name and the options that were entered', async () => {
  const { upload, get } = await batchesHarness();
  const fields = { name: 'spring', window: '3', capMoney: '2.5', ignoreColumns: 'note' };
  const page = await (await upload(path, { name: 'a.csv', text: good }, { fields })).text();
  const [, query = ''] = /href="\/studio\/batches\/new\?([^"]*)"/.exec(page) ?? [];
  const form = await (await get(`${path}?${query.replaceAll('&amp;', '&')}`)).text();
  for (const [name, value] of Object.entries(fields)) {
    expect(form).toMatch(new RegExp(`name="${name}"[^>]*value="${value}"`));
  }
});

test('what the gateway will change is shown with its lines before the start', async () => {
  const { upload } = await batchesHarness();
  const text = 'key,model,prompt,duration\ncat,kling-v1,A cat,5\ndog,kling-v1,A dog,5\n';
  const page = await (await upload(path, { name: 'a.csv', text })).text();
  expect(page).toMatch(/<th scope="row"[^>]*>2, 3<\/th>.*<code>size<\/code>.*No shape is given/s);
});

test('the confirmation starts exactly the rows that were checked', async () => {
  const { upload, post, batches, storage } = await batchesHarness();
  const page = await (await upload(path, { name: 'launch.csv', text: good })).text();
  await upload(path, { name: 'launch.csv', text: good.replace('A cat', 'A cow') });
  await post(start, hiddenOf(page, start));
  const [{ manifest } = { manifest: { key: '' } }] = batches.started;
  const stored = await storage.readSmall(manifest.key, 10_000);
  expect(String(Buffer.from(stored ?? []))).toContain('A cat');
});

test('a second click joins the batch of the first one', async () => {
  const { upload, post, batches } = await batchesHarness();
  const page = await (await upload(path, { name: 'launch.csv', text: good })).text();
  const [first, second] = await Promise.all([
    post(start, hiddenOf(page, start)),
    post(start, hiddenOf(page, start)),
  ]);
  const places = [first, second].map(placeOf);
  expect(new Set(places)).toEqual(
    new Set(['/studio/batches/launch?done=joined', '/studio/batches/launch?done=started']),
  );
  expect(batches.started).toHaveLength(1);
});

test('another file under the name of an open batch starts nothing, and the page says what to do', async () => {
  const { upload, post, batches } = await batchesHarness();
  const first = await (await upload(path, { name: 'launch.csv', text: good })).text();
  await post(start, hiddenOf(first, start));
  const other = { name: 'launch.csv', text: good.replace('A cat', 'A cow') };
  const second = await (await upload(path, other)).text();
  const refused = await post(start, hiddenOf(second, start));
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('with another name');
  expect(batches.started).toHaveLength(1);
});

test.each([
  ['the name', { name: 'other' }],
  ['the name, with a path', { name: '../launch' }],
  ['the manifest', { manifest: '0123456789ab' }],
  ['the manifest, with a path', { manifest: '../../x' }],
  ['the window', { window: '-1' }],
  ['a cap', { capMoney: 'lots' }],
  ['the time', { at: 'tomorrow' }],
  ['the time zone', { timeZone: 'Mars/Olympus' }],
])('a confirmation in which %s was changed to something unknown is refused', async (_, change) => {
  const { upload, post, batches } = await batchesHarness();
  const page = await (await upload(path, { name: 'launch.csv', text: good })).text();
  const refused = await post(start, { ...hiddenOf(page, start), ...change });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('Nothing was started');
  expect(batches.started).toEqual([]);
});

test('a form or a confirmation from another site is refused', async () => {
  const { upload, post, batches } = await batchesHarness();
  const page = await (await upload(path, { name: 'launch.csv', text: good })).text();
  const foreign = { origin: 'https://evil.example' };
  const file = { name: 'launch.csv', text: good };
  expect((await upload(path, file, { headers: foreign })).status).toBe(403);
  expect((await post(start, hiddenOf(page, start), foreign)).status).toBe(403);
  expect(batches.started).toEqual([]);
});

test('a row that names an image file beside the upload is refused with what to do', async () => {
  const { upload } = await batchesHarness();
  const text = 'key,model,prompt,image\ncat,kling-v1,A cat,cat.png\n';
  const page = await (await upload(path, { name: 'a.csv', text })).text();
  expect(page).toMatch(/<th scope="row"[^>]*>2<\/th>.*<code>image<\/code>.*onetake batch run/s);
});

test('a table of Excel in UTF-16 is read, and a workbook is refused with what to do', async () => {
  const { upload } = await batchesHarness();
  const utf16 = Buffer.from(
    `\uFEFF${good.replaceAll(',', '\t').replace('A cat', '一只猫')}`,
    'utf16le',
  );
  const page = await (
    await upload(path, { name: 'launch.csv', text: Uint8Array.from(utf16) })
  ).text();
  expect(page).toContain('2 videos, 12 s');
  const workbook = Uint8Array.from(Buffer.from('PK\x03\x04…'));
  const refused = await (await upload(path, { name: 'launch.xlsx', text: workbook })).text();
  expect(refused).toContain('spreadsheet workbook');
});

test('fields that cannot be used are named beside the field, and what was entered is kept', async () => {
  const { upload, get } = await batchesHarness();
  const fields = { name: 'Launch!', window: '1.5', capMoney: '-3', timeZone: 'Nowhere' };
  const response = await upload(path, { name: 'a.csv', text: good }, { fields });
  const page = await response.text();
  expect(response.status).toBe(422);
  for (const [name, value] of Object.entries(fields)) {
    expect(page).toContain(`id="${name}-fault"`);
    expect(page).toContain(`value="${value}"`);
    expect(page).toMatch(
      new RegExp(`aria-describedby="${name}-fault[^"]*"\\s*aria-invalid="true"`),
    );
    expect(page).toContain(`href="#${name}"`);
  }
  expect((await get(path)).status).toBe(200);
});

test('without a file, or with a name that gives none, the form says so', async () => {
  const { upload } = await batchesHarness();
  const empty = await (await upload(path, { name: '', text: '' })).text();
  expect(empty).toContain('Choose a file');
  const unnamed = await (await upload(path, { name: '订单.csv', text: good })).text();
  expect(unnamed).toContain('give the batch a name');
});

test('a file that is too large is refused on the form', async () => {
  const { upload } = await batchesHarness();
  const large = new Uint8Array(32 * 1024 * 1024 + 1);
  const response = await upload(path, { name: 'large.csv', text: large });
  expect(response.status).toBe(422);
  expect(await response.text()).toContain('more than 32 MiB');
});

test('texts of a file never become markup: its name, a key, a prompt, a column, a model', async () => {
  const attack = '<img src=x onerror=alert(1)>';
  const { upload } = await batchesHarness();
  const wrong = `key,model,prompt,seconds,${attack}\n${attack},sora-2,${attack},${attack},1\n`;
  const errors = await (
    await upload(path, { name: `${attack}.csv`, text: wrong }, { fields: { name: 'a' } })
  ).text();
  expect(errors).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(errors).not.toContain('<img src=x');
  const right = `key,model,prompt,seconds\n${attack},${attack},${attack},4\n`;
  const harness = await batchesHarness({ prospects: ['conflict'] });
  const quote = await (await harness.upload(path, { name: 'a.csv', text: right })).text();
  expect(quote).toContain('&lt;img src=x');
  expect(quote).not.toContain('<img src=x');
});
