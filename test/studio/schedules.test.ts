import { expect, test } from 'vitest';
import { batchesHarness, hiddenOf } from './batches-harness.ts';
import { snapshot } from './fake-batches.ts';
import { scheduleDetails } from './fake-schedules.ts';
import { placeOf } from './studio-harness.ts';

const text = 'key,model,prompt,seconds\ncat-{{date}},sora-2,A cat,4\ndog,sora-2,A dog,8\n';
const file = { name: 'daily.csv', text };
const path = '/studio/schedules/new';
const create = '/studio/schedules/create';
const when = { cron: '0 3 * * *', timeZone: 'Asia/Shanghai' };

test('a schedule is created only when its quote is confirmed, with the rows that were checked', async () => {
  const { upload, post, schedules, storage } = await batchesHarness();
  const fields = {
    ...when,
    overlap: 'buffer-one',
    capVideos: '5',
    pauseOnFailure: 'yes',
    catchup: '30m',
  };
  const checked = await upload(path, file, { fields });
  const page = await checked.text();
  expect(checked.status).toBe(200);
  expect(page).toContain('2 videos, 12 s: at most 1.2');
  expect(page).toContain('1 of 2 keys have no {{date}}');
  expect(schedules.created).toEqual([]);

  const response = await post(create, hiddenOf(page, create));
  expect(response.status).toBe(303);
  expect(placeOf(response)).toBe('/studio/schedules/daily?done=created');
  const [{ batch, ...schedule } = { batch: { name: '', manifest: { key: '' } } }] =
    schedules.created;
  expect(schedule).toEqual({
    when: { cron: '0 3 * * *' },
    timeZone: 'Asia/Shanghai',
    overlap: 'buffer-one',
    catchupMs: 1_800_000,
    pauseOnFailure: true,
  });
  expect(batch).toMatchObject({ name: 'daily', caps: { videos: 5 }, timeZone: 'Asia/Shanghai' });
  expect(await storage.head(batch.manifest.key)).not.toBe(null);
});

test('rows that were checked for a batch can be put on a schedule without another upload', async () => {
  const { upload, get, post, app, schedules } = await batchesHarness();
  const quote = await (await upload('/studio/batches/new', file)).text();
  const [, link = ''] = /href="(\/studio\/schedules\/new\?[^"]+)"/.exec(quote) ?? [];
  const form = await (await get(link.replaceAll('&amp;', '&'))).text();
  expect(form).toContain('2 checked rows of “daily”');
  expect(form).not.toContain('type="file"');
  const body = new FormData();
  const values = { ...hiddenOf(form, path), name: 'each-hour', every: '1h' };
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const headers = { host: '127.0.0.1:8787', origin: 'http://127.0.0.1:8787' };
  const checked = await app.request(`http://127.0.0.1:8787${path}`, {
    method: 'POST',
    body,
    headers,
  });
  const page = await checked.text();
  expect(page).toContain('every 1h');
  await post(create, hiddenOf(page, create));
  expect(schedules.created).toMatchObject([
    { batch: { name: 'each-hour' }, when: { everyMs: 3_600_000 } },
  ]);
});

test('the rows of a batch can be put on a schedule from its page', async () => {
  const { upload, get, post, batches } = await batchesHarness();
  const start = '/studio/batches/start';
  const page = await (await upload('/studio/batches/new', file)).text();
  await post(start, hiddenOf(page, start));
  const [{ manifest } = { manifest: { key: '' } }] = batches.started;
  batches.statuses.set('daily', snapshot('daily', { manifest: manifest.key }));
  const batch = await (await get('/studio/batches/daily')).text();
  const [, link = ''] = /href="(\/studio\/schedules\/new\?[^"]+)"/.exec(batch) ?? [];
  const form = await (await get(link.replaceAll('&amp;', '&'))).text();
  expect(form).toContain('2 checked rows of “daily”');
});

test.each([
  ['neither cron nor interval', {}, 'cron'],
  ['both', { cron: '0 3 * * *', every: '1h' }, 'cron'],
  ['a day that does not exist', { cron: '0 0 30 2 *' }, 'cron'],
  ['an interval without a unit', { every: '60' }, 'every'],
  ['a limit of lateness without a unit', { every: '1h', catchup: 'soon' }, 'catchup'],
  ['an unknown time zone', { every: '1h', timeZone: 'Mars/Olympus' }, 'timeZone'],
])('a schedule with %s is refused beside its field', async (_, fields, field) => {
  const { upload, schedules } = await batchesHarness();
  const response = await upload(path, file, { fields });
  expect(response.status).toBe(422);
  expect(await response.text()).toContain(`id="${field}-fault"`);
  expect(schedules.created).toEqual([]);
});

test('errors of the file are shown by line, as for a batch', async () => {
  const { upload } = await batchesHarness();
  const wrong = { name: 'daily.csv', text: text.replace(',4', ',soon') };
  const page = await (await upload(path, wrong, { fields: when })).text();
  expect(page).toMatch(/<th scope="row"[^>]*>2<\/th>.*<code>seconds<\/code>.*<q[^>]*>soon<\/q>/s);
});

test('a time that clocks skip is named, with an expression that always runs', async () => {
  const { upload } = await batchesHarness();
  const fields = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
  const page = await (await upload(path, file, { fields })).text();
  expect(page).toContain('Clocks move forward then');
  expect(page).toContain('“30 3 * * *” runs every time');
});

test('a schedule that exists is named before it is changed', async () => {
  const { upload, schedules } = await batchesHarness();
  schedules.details.set('daily', scheduleDetails('daily'));
  const page = await (await upload(path, file, { fields: when })).text();
  expect(page).toContain('A schedule “daily” exists');
  expect(page).toContain('Change the schedule');
});

test.each([
  ['the batch of the rows', { from: '../x' }],
  ['the manifest', { manifest: '0123456789ab' }],
  ['the manifest, with a path', { manifest: '../../../../x' }],
  ['the name', { name: 'A b' }],
  ['the time', { cron: '' }],
])('a confirmation in which %s was changed is refused', async (_, change) => {
  const { upload, post, schedules } = await batchesHarness();
  const page = await (await upload(path, file, { fields: when })).text();
  const response = await post(create, { ...hiddenOf(page, create), ...change });
  expect(response.status).toBe(400);
  expect(schedules.created).toEqual([]);
});

test('the list shows when schedules run and did run', async () => {
  const { get, schedules } = await batchesHarness();
  const recent = [{ at: '2026-12-01T03:00:00.000Z', batch: 'daily-2026-12-01T03:00:00Z' }];
  schedules.details.set('daily', scheduleDetails('daily', { recent, fired: 1 }));
  schedules.details.set('hourly', scheduleDetails('hourly', { paused: true, note: '<b>costs' }));
  const page = await (await get('/studio/schedules')).text();
  expect(page).toContain('datetime="2026-12-02T03:00:00.000Z"');
  expect(page).toContain('href="/studio/batches/daily-2026-12-01T03%3A00%3A00Z"');
  expect(page).toContain('1 started, 0 skipped, 0 missed');
  expect(page).toContain('&lt;b&gt;costs');
  expect(page).toContain('action="/studio/schedules/hourly/resume"');
});

test.each([
  ['pause', 'paused'],
  ['resume', 'resumed'],
])('%s is a form that comes back to the schedule', async (action, done) => {
  const { get, post, schedules } = await batchesHarness();
  schedules.details.set('daily', scheduleDetails('daily'));
  expect((await get(`/studio/schedules/daily/${action}`)).status).toBe(404);
  const response = await post(`/studio/schedules/daily/${action}`, {});
  expect(placeOf(response)).toBe(`/studio/schedules/daily?done=${done}`);
  expect(schedules.acts).toEqual([`${action} daily`]);
});

test('a schedule that another program made has a valid id on the page, also if its name has spaces', async () => {
  const { get, schedules } = await batchesHarness();
  schedules.details.set('my daily', scheduleDetails('my daily'));
  const page = await (await get('/studio/schedules')).text();
  expect(page).toContain('my daily');
  expect(page).not.toMatch(/ id="[^"]*\s[^"]*"/);
});

test('a run is triggered only after a page with its cost', async () => {
  const { upload, get, post, schedules } = await batchesHarness({
    prospects: ['started', 'cached'],
  });
  const page = await (await upload(path, file, { fields: when })).text();
  await post(create, hiddenOf(page, create));
  const confirm = await (await get('/studio/schedules/daily/trigger')).text();
  expect(confirm).toContain('Start 1 video (at most 0.4)');
  expect(schedules.acts).toEqual([]);
  await post(
    '/studio/schedules/daily/trigger',
    hiddenOf(confirm, '/studio/schedules/daily/trigger'),
  );
  expect(schedules.acts).toEqual(['trigger daily']);
});

test('a run that was quoted for another day is quoted again, because its rows may contain the date', async () => {
  const clock = { at: '2026-12-01T23:59:00.000Z' };
  const now = () => Date.parse(clock.at);
  const { upload, get, post, schedules } = await batchesHarness({ now });
  const trigger = '/studio/schedules/daily/trigger';
  const page = await (await upload(path, file, { fields: when })).text();
  await post(create, hiddenOf(page, create));
  const yesterday = await (await get(trigger)).text();
  clock.at = '2026-12-02T23:59:00.000Z';
  const response = await post(trigger, hiddenOf(yesterday, trigger));
  expect(response.status).toBe(409);
  expect(schedules.acts).toEqual([]);
  await post(trigger, hiddenOf(await response.text(), trigger));
  expect(schedules.acts).toEqual(['trigger daily']);
});

test('a schedule with rows that are not stored here cannot be triggered from the page', async () => {
  const { get, schedules } = await batchesHarness();
  schedules.details.set('daily', scheduleDetails('daily'));
  const page = await (await get('/studio/schedules/daily/trigger')).text();
  expect(page).toContain('cannot be quoted');
  expect(page).not.toContain('action="/studio/schedules/daily/trigger"');
});

test('a schedule is deleted only when its name was typed', async () => {
  const { post, get, schedules } = await batchesHarness();
  schedules.details.set('daily', scheduleDetails('daily'));
  expect((await get('/studio/schedules/daily/delete')).status).toBe(200);
  expect((await post('/studio/schedules/daily/delete', { typed: 'x' })).status).toBe(422);
  expect(schedules.acts).toEqual([]);
  const response = await post('/studio/schedules/daily/delete', { typed: 'daily' });
  expect(placeOf(response)).toBe('/studio/schedules?done=deleted');
  expect(schedules.acts).toEqual(['delete daily']);
});

test('nothing is done for a form of another site', async () => {
  const { upload, post, schedules } = await batchesHarness();
  schedules.details.set('daily', scheduleDetails('daily'));
  const foreign = { origin: 'https://evil.example' };
  const page = await (await upload(path, file, { fields: when })).text();
  expect((await post(create, hiddenOf(page, create), foreign)).status).toBe(403);
  for (const action of ['pause', 'resume', 'trigger', 'delete']) {
    const response = await post(`/studio/schedules/daily/${action}`, { typed: 'daily' }, foreign);
    expect(response.status).toBe(403);
  }
  expect([schedules.created, schedules.acts]).toEqual([[], []]);
});
