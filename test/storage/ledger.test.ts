import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import { readLedger } from '../../src/storage/records/read-ledger.ts';
import { account, gateway, nowMs, storedNow, useLedger, window } from './ledger-harness.ts';

const { place, pay, deliver, indexed } = useLedger();

async function statesOf() {
  const entries = await readLedger(place().storage, window);
  return entries.map(({ claimKey, jobId, state, billed }) => [
    claimKey ?? null,
    jobId ?? null,
    state,
    billed,
  ]);
}

describe.each([
  ['readLedger()', true],
  ['readLedger() of what an earlier version wrote', false],
])('%s', (_, isIndexed) => {
  beforeEach(async () => {
    if (isIndexed) await indexed();
  });

  test('shows the cost and the tags of a delivered job, and that it is billed', async () => {
    await pay('a');
    await deliver('a');
    expect(await readLedger(place().storage, window)).toEqual([
      {
        at: new Date(nowMs).toISOString(),
        videoId: 'video/a',
        claimKey: 'video/a',
        jobId: 'task_a',
        model: 'kling-v1',
        tags: ['drafts'],
        batch: 'launch',
        reserved: { seconds: 5, money: 0.4 },
        settled: { seconds: 5, money: 0.4 },
        billed: 'yes',
        state: 'stored',
        gateway,
        account,
      },
    ]);
  });

  test('shows the factors by which the gateway multiplied the price', async () => {
    const chargedRatios = { seconds: 8, size: 1 };
    await pay('a', {
      outcome: { state: 'accepted', jobId: 'task_a', submittedAt: 0, chargedRatios },
    });
    expect(await readLedger(place().storage, window)).toMatchObject([{ chargedRatios }]);
  });

  test('never reports a claim without a video as billed, or as not billed', async () => {
    await pay('a', { at: nowMs - 2 });
    await pay('b', { at: nowMs - 1, outcome: { state: 'unknown', message: 'lost' } });
    await pay('c', { outcome: { state: 'sent' } });
    expect(await statesOf()).toEqual([
      ['video/a', 'task_a', 'accepted', 'maybe'],
      ['video/b', null, 'unknown', 'maybe'],
      ['video/c', null, 'unknown', 'maybe'],
    ]);
    const entries = await readLedger(place().storage, window);
    expect(entries.filter((entry) => entry.settled)).toEqual([]);
  });

  test('matches a video to the submit whose job it is, not to an earlier submit of its key', async () => {
    await pay('a', { at: nowMs - 1, outcome: { state: 'unknown', message: 'lost' } });
    await pay('a', { claimKey: 'video/a/resubmit-2' });
    await deliver('a');
    expect(await statesOf()).toEqual([
      ['video/a', null, 'unknown', 'maybe'],
      ['video/a/resubmit-2', 'task_a', 'stored', 'yes'],
    ]);
  });

  test('finds the lost job of a submit by the video that was adopted for its key', async () => {
    await pay('a', { outcome: { state: 'unknown', message: 'lost' } });
    await deliver('a');
    expect(await statesOf()).toEqual([['video/a', 'task_a', 'stored', 'yes']]);
  });

  test('matches a video to one lost submit of its key, not to two', async () => {
    const lost = { outcome: { state: 'unknown', message: 'lost' } } as const;
    await pay('a', lost);
    await pay('a', { ...lost, claimKey: 'video/a/resubmit-2' });
    await deliver('a');
    const billed = (await readLedger(place().storage, window)).map((entry) => entry.billed);
    expect(billed.toSorted()).toEqual(['maybe', 'yes']);
  });

  test('matches the job of a submit that was delivered as the video of another key', async () => {
    await pay('a');
    await deliver('other', { ...storedNow, jobId: 'task_a' });
    expect(await statesOf()).toEqual([['video/a', 'task_a', 'stored', 'yes']]);
  });

  test('lists the job of another submit that a paid key was given', async () => {
    await pay('a', { at: nowMs - 1 });
    await deliver('a', { ...storedNow, jobId: 'task_adopted' });
    expect(await statesOf()).toEqual([
      ['video/a', 'task_a', 'accepted', 'maybe'],
      [null, 'task_adopted', 'stored', 'yes'],
    ]);
  });

  test('lists a job that was adopted by its id alone once', async () => {
    await deliver('job/task_9');
    expect(await statesOf()).toEqual([[null, 'task_job/task_9', 'stored', 'yes']]);
  });

  test('excludes a job whose claim was written before the window, even if its video came later', async () => {
    await pay('early', { at: window.fromMs - 1 });
    const file = join(place().folder, claimObjectKey('video/early'));
    await utimes(file, new Date(window.fromMs - 1), new Date(window.fromMs - 1));
    await deliver('early');
    expect(await statesOf()).toEqual([]);
  });

  test('counts a job in the window of its submit, whenever it was delivered', async () => {
    await pay('early', { at: window.fromMs - 1 });
    await deliver('early');
    await pay('late', { at: window.toMs });
    expect(await statesOf()).toEqual([]);
  });
});
