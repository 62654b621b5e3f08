import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onetakeJson } from './onetake.ts';
import { createHarness, until, type Harness } from './harness.ts';

async function writeManifest(harness: Harness, key: string): Promise<string> {
  const path = join(harness.folder, 'news.jsonl');
  const row = { key, model: 'kling-v1', prompt: 'the news of {{date}}', duration: 5 };
  await writeFile(path, `${JSON.stringify(row)}\n`);
  return path;
}

/** Far in the future: only the firings that the test triggers happen. */
const newYear = ['--cron', '0 3 1 1 *'];
const daily = ['--cron', '0 3 * * *'];

function promptsOf({ gateway }: Harness): unknown[] {
  return gateway.ledger.posts.map(({ body }) => (body as { prompt?: string }).prompt);
}

describe('onetake schedule', () => {
  test('makes new videos each day, in the order of the days, and pays for no day twice', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'news-{{date}}');
    const made = await onetakeJson(harness, ['schedule', 'create', 'news', manifest, ...daily]);
    expect(made).toMatchObject({ code: 0, json: { outcome: 'created', rows: 1 } });
    const span = ['--from', '2026-01-05T00:00Z', '--to', '2026-01-07T12:00Z'];
    expect((await onetakeJson(harness, ['schedule', 'backfill', 'news', ...span])).code).toBe(0);
    const { schedules, batches } = harness.client;
    const idle = (fired: number) => async () => {
      const found = await schedules.show('news');
      return found.fired === fired && found.running.length === 0 && found;
    };
    const { recent } = await until('three firings', idle(3), 150_000);
    const days = ['05', '06', '07'].map((day) => `the news of 2026-01-${day}`);
    expect(promptsOf(harness)).toEqual(days);
    expect((await batches.status(recent[0]?.batch ?? '')).counts).toMatchObject({ stored: 1 });
    await schedules.backfill('news', { from: new Date('2026-01-05'), to: new Date('2026-01-08') });
    await until('three more firings', idle(6), 150_000);
    expect(promptsOf(harness)).toEqual(days);
  }, 400_000);

  test('skips a firing while the previous one still runs, because a batch stays open for its videos', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'once');
    const made = await onetakeJson(harness, ['schedule', 'create', 'once', manifest, ...newYear]);
    expect(made.stderr).toContain('{{date}}');
    const { schedules } = harness.client;
    await schedules.trigger('once');
    await until('the job', () => harness.gateway.ledger.paidJobs.length === 1);
    await schedules.trigger('once');
    await until('a skipped firing', async () => (await schedules.show('once')).skipped === 1);
    expect((await schedules.show('once')).fired).toBe(1);
    expect(await schedules.list()).toMatchObject([{ name: 'once', fired: 1, skipped: 1 }]);
  });

  test('reports which firings of the next year do not exist, and refuses what cannot be scheduled', async () => {
    await using harness = await createHarness();
    const manifest = await writeManifest(harness, 'news-{{date}}');
    const create = (...flags: string[]) =>
      onetakeJson(harness, ['schedule', 'create', 'dst', manifest, ...flags]);
    const made = await create('--cron', '30 2 * * *', '--timezone', 'europe/berlin');
    expect(made).toMatchObject({ code: 0, json: { safeCron: '30 3 * * *' } });
    expect(made.stderr).toContain('will not fire at 2');
    for (const cron of ['nonsense', '61 2 * * *', '0 2 30 2 *', '0 2 * * MON#2']) {
      expect({ cron, code: (await create('--cron', cron)).code }).toEqual({ cron, code: 2 });
    }
    const nowhere = await create('--cron', '0 3 * * *', '--timezone', 'Mars/Olympus');
    expect(nowhere.code).toBe(2);
  });

  test('with buffer-one keeps one firing for later, and no more', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'once');
    const flags = [...newYear, '--overlap', 'buffer-one'];
    await onetakeJson(harness, ['schedule', 'create', 'later', manifest, ...flags]);
    const { schedules, batches } = harness.client;
    const second = () => Math.floor(Date.now() / 1_000);
    await schedules.trigger('later');
    await until('the job', () => harness.gateway.ledger.paidJobs.length === 1);
    const first = second();
    // The id of a batch that was fired ends in the second: of two in one, only the latter could be read.
    await until('another second', () => second() > first);
    await schedules.trigger('later');
    await schedules.trigger('later');
    await until('a skipped firing', async () => (await schedules.show('later')).skipped === 1);
    const { recent } = await until('both that were not skipped', async () => {
      const found = await schedules.show('later');
      return found.fired === 2 && found.running.length === 0 && found;
    });
    const ends = await Promise.all(recent.map(({ batch }) => batches.status(batch)));
    expect(ends.map(({ origins }) => origins)).toMatchObject([{ started: 1 }, { cached: 1 }]);
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('with allow-all runs three or more firings at once, and still pays once for one key', async () => {
    await using harness = await createHarness({ speed: 10 });
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'once');
    const flags = ['--every', '2s', '--overlap', 'allow-all'];
    await onetakeJson(harness, ['schedule', 'create', 'over', manifest, ...flags]);
    const { schedules, batches } = harness.client;
    const running = async () =>
      (await batches.list()).filter(({ phase }) => phase === 'running').length;
    await until('three at once', async () => (await running()) >= 3);
    await schedules.pause('over');
    const { fired } = await schedules.show('over');
    const listed = await until('the end of all', async () => {
      const found = await batches.list();
      return found.length === fired && (await running()) === 0 && found;
    });
    const ends = await Promise.all(listed.map(({ name }) => batches.status(name)));
    for (const { counts } of ends) expect(counts).toMatchObject({ stored: 1 });
    expect(ends.filter(({ origins }) => origins?.started === 1)).toHaveLength(1);
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('with --pause-on-failure pauses after a batch with a failed row, until a person resumes it', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const path = join(harness.folder, 'refused.jsonl');
    const prompt = '[sandbox: submit-vendor-400=nsfw] a cat';
    const row = { key: 'refused', model: 'kling-v1', prompt, duration: 5 };
    await writeFile(path, `${JSON.stringify(row)}\n`);
    const flags = [...newYear, '--pause-on-failure', '--jitter', '10m'];
    await onetakeJson(harness, ['schedule', 'create', 'strict', path, ...flags]);
    const { schedules } = harness.client;
    const created = { paused: false, pauseOnFailure: true, jitterMs: 600_000 };
    expect(await schedules.show('strict')).toMatchObject(created);
    await schedules.trigger('strict');
    const paused = await until('the pause', async () => {
      const found = await schedules.show('strict');
      return found.paused && found;
    });
    expect(paused).toMatchObject({ fired: 1, note: expect.stringContaining('failure') });
    await schedules.resume('strict');
    expect((await schedules.show('strict')).paused).toBe(false);
  });

  test('is updated by creating it again, and stays paused', async () => {
    await using harness = await createHarness();
    const manifest = await writeManifest(harness, 'row-{{date}}');
    const create = (...flags: string[]) =>
      onetakeJson(harness, ['schedule', 'create', 'changed', manifest, ...flags]);
    expect((await create(...daily)).json).toMatchObject({ outcome: 'created' });
    expect((await onetakeJson(harness, ['schedule', 'pause', 'changed'])).code).toBe(0);
    expect((await create('--every', '6h', '--overlap', 'buffer-one')).json).toMatchObject({
      outcome: 'updated',
    });
    const shown = await onetakeJson(harness, ['schedule', 'show', 'changed']);
    expect(shown.json).toMatchObject({ paused: true, overlap: 'BUFFER_ONE', catchupMs: 3_600_000 });
    expect((await onetakeJson(harness, ['schedule', 'delete', 'changed'])).code).toBe(0);
    expect(await onetakeJson(harness, ['schedule', 'show', 'changed'])).toMatchObject({
      code: 2,
      json: { error: { kind: 'not_found' } },
    });
  });

  test('refuses invalid input in one line', async () => {
    await using harness = await createHarness();
    const manifest = await writeManifest(harness, 'row');
    const refused = async (...flags: string[]) =>
      (await onetakeJson(harness, ['schedule', 'create', 'wrong', manifest, ...flags])).stderr;
    expect(await refused()).toContain('--cron');
    expect(await refused('--every', 'soon')).toContain('--every "soon"');
    expect(await refused(...daily, '--timezone', 'Mars/Olympus')).toContain('Mars/Olympus');
  });
});
