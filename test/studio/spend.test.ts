import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { ledgerTotal } from '../../src/contract/ledger.ts';
import { unknownText } from '../../src/studio/spend/spend-words.ts';
import { createSpendReader } from '../../src/studio/spend/read-spend.ts';
import { payJobs, type PaidJob } from './paid-jobs.ts';
import { byteOrderMarkOf, studioHarness } from './studio-harness.ts';

const hostile = '"><script>alert(1)</script>';
const dayMs = 86_400_000;

async function spendHarness(jobs: readonly PaidJob[]) {
  const clock = { ms: Date.now() };
  const harness = await studioHarness({ ports: () => ({ now: () => clock.ms }) });
  await payJobs(harness.storage, jobs);
  clock.ms = Date.now() + 1;
  const text = async (path: string, headers = {}) => (await harness.get(path, headers)).text();
  return { ...harness, clock, text };
}

const read = async (jobs: readonly PaidJob[]) => {
  const { ports } = await spendHarness(jobs);
  return createSpendReader(ports)(7);
};

test('what was paid is summed by day, model, tag and tenant, and every day is there', async () => {
  const now = Date.now();
  const { all, days, models, tags, tenants } = await read([
    { id: 'video/a', tags: ['drafts'], cost: { seconds: 5, money: 0.4 }, isStored: true },
    { id: 'video/b', model: 'sora-2', tags: ['drafts', 'tenant:acme'], cost: { seconds: 8 } },
    { id: 'video/@globex/video_1', at: now - dayMs, charged: { quota: 250_000, money: 0.5 } },
  ]);
  const names = (totals: { name: string; jobs: number }[]) =>
    totals.map(({ name, jobs }) => [name, jobs]);
  expect(all).toMatchObject({
    jobs: 3,
    billed: { yes: 1, maybe: 2, no: 0 },
    charged: { jobs: 1, money: 0.5 },
  });
  expect(days.map(({ jobs }) => jobs)).toEqual([0, 0, 0, 0, 0, 1, 2]);
  expect(names(models)).toEqual([
    ['kling-v1', 2],
    ['sora-2', 1],
  ]);
  expect(names(tags)).toEqual([['drafts', 2]]);
  expect(names(tenants)).toEqual([
    ['acme', 1],
    ['globex', 1],
  ]);
});

test('a charge far below a cent is not shown as 0', async () => {
  const { text } = await spendHarness([
    { id: 'video/a', charged: { quota: 15, money: 0.000_03 }, isStored: true },
  ]);
  expect(await text('/studio/spend')).toContain('0.00003');
});

test('amounts that are not known are counted beside the sums', async () => {
  const { text } = await spendHarness([
    { id: 'video/a', cost: { seconds: 5, money: 0.4 }, isStored: true },
    { id: 'video/b', cost: {} },
  ]);
  const page = await text('/studio/spend');
  expect(page).toContain('1 of unknown length, 1 without a price, 2 without a reported charge');
  expect(page).toContain('May be billed');
});

test('a refunded job does not hide that the charge of another is unknown', () => {
  const job = { at: '2026-11-30T10:00:00.000Z', videoId: 'video/a', tags: [], reserved: {} };
  const total = ledgerTotal('all', [
    { ...job, billed: 'no', state: 'failed', charged: { quota: 0, money: 0 } },
    { ...job, billed: 'yes', state: 'stored' },
  ]);
  expect(unknownText(total, 'en')).toContain('1 without a reported charge');
});

test('a page without Temporal shows the storage, and says what is missing', async () => {
  const harness = await studioHarness({
    ports: ({ videos }) => ({
      videos: {
        ...videos,
        ledger: { ...videos.ledger, runs: () => Promise.reject(new Error('<b>no server')) },
      },
    }),
  });
  await payJobs(harness.storage, [{ id: 'video/a', at: Date.now() - 1_000 }]);
  const page = await (await harness.get('/studio/spend')).text();
  expect(page).toContain('without the states of runs: &lt;b&gt;no server');
  expect(page).toContain('kling-v1');
});

test('all who look within a minute share one read, and a failed read is not kept', async () => {
  const { ports, clock } = await spendHarness([{ id: 'video/a' }]);
  let reads = 0;
  let isBroken = false;
  const list: typeof ports.storage.list = (...given) => {
    reads += 1;
    if (isBroken) throw new Error('disk');
    return ports.storage.list(...given);
  };
  const spend = createSpendReader({ ...ports, storage: { ...ports.storage, list } });
  await Promise.all([spend(7), spend(7)]);
  const once = reads;
  clock.ms += 59_999;
  await spend(7);
  expect(reads).toBe(once);
  clock.ms += 1;
  isBroken = true;
  // What was read before is shown while it is read again.
  expect((await spend(7)).all.jobs).toBe(1);
  const seen = () => spend(7).then(() => 'a value', String);
  await expect.poll(seen).toContain('disk');
  isBroken = false;
  expect((await spend(7)).all.jobs).toBe(1);
});

test('texts of strangers are escaped, also in charts and for the script', async () => {
  const { text } = await spendHarness([
    { id: 'video/a', model: hostile, tags: [hostile, `tenant:${hostile}`], isStored: true },
    { id: `video/@${hostile}/b` },
  ]);
  for (const path of [
    '/studio/spend',
    '/studio/spend?days=7',
    `/studio/spend?days=${encodeURIComponent(hostile)}`,
  ]) {
    const page = await text(path);
    expect(page).not.toContain('<script>alert');
    expect(page).not.toMatch(/\sstyle=|\son[a-z]+=/);
    if (path === '/studio/spend') expect(page).toContain('&lt;script&gt;alert(1)');
  }
});

test('the CSV has every job of the period, with nothing that a spreadsheet would run', async () => {
  const { get } = await spendHarness([{ id: 'video/a', model: '=1+1', cost: { seconds: 5 } }]);
  const response = await get('/studio/spend.csv?days=7');
  expect(response.headers.get('content-disposition')).toBe(
    'attachment; filename="spend-7-days.csv"',
  );
  const [row] = parse<Record<string, string>>(await response.text(), { columns: true });
  expect(row).toMatchObject({
    videoId: 'video/a',
    model: "'=1+1",
    'reserved.seconds': '5',
    billed: 'maybe',
  });
});

test('the CSV begins with a byte order mark, so that spreadsheets read it as UTF-8', async () => {
  const { get } = await spendHarness([]);
  expect(await byteOrderMarkOf(await get('/studio/spend.csv'))).toBe('efbbbf');
});

test('the page is in Chinese too, and says when nothing was paid', async () => {
  const { text } = await spendHarness([]);
  expect(await text('/studio/spend')).toContain('Nothing was paid in this period.');
  expect(await text('/studio/spend', { 'accept-language': 'zh' })).toContain('此时间段内没有付费');
});
