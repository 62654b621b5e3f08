import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { listedDifferences } from '../../src/contract/ledger-check.ts';
import { checkLedger, type LoggedJob } from '../../src/storage/records/check-ledger.ts';
import { readLedger } from '../../src/storage/records/read-ledger.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import type { ClaimOutcome } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const hourMs = 3_600_000;
/** Files get the time of now, so the window lies around it. */
const nowMs = Date.now();
const window = { fromMs: nowMs - 24 * hourMs, toMs: nowMs + hourMs };
const gateway = 'https://gateway.test';
const account = 'admission/ours';

let storage: VideoStorage;
let folder: string;
beforeEach(async () => {
  ({ storage, folder } = await tempStorage());
});

interface Paying {
  id?: string;
  /** Default: now. */
  at?: number;
  outcome?: ClaimOutcome;
  account?: string;
  gateway?: string;
  claimKey?: string;
}

const accepted = (jobId: string): ClaimOutcome => ({ state: 'accepted', jobId, submittedAt: 0 });

/** Leaves the claim of a submit. */
async function pay(key: string, { at = nowMs, outcome, ...more }: Paying = {}): Promise<void> {
  const claims = createSubmitClaims({ storage });
  const claim = {
    claimKey: more.claimKey ?? `video/${key}`,
    requestDigest: '00',
    gateway: more.gateway ?? gateway,
    workflowId: `video/${key}`,
    runId: 'run-1',
    format: 'videos',
    model: 'kling-v1',
    claimedAt: at,
    admission: {
      id: more.account ?? account,
      tags: ['drafts'],
      batch: { name: 'launch', runId: 'r' },
      cost: { seconds: 5, money: 0.4 },
    },
  };
  await claims.acquire(claim);
  await claims.record(claim, outcome ?? accepted(`task_${key}`));
}

const storedNow = { storedAt: new Date(nowMs).toISOString(), model: 'kling-v1' };

async function statesOf() {
  const entries = await readLedger(storage, window);
  return entries.map(({ claimKey, jobId, state, billed }) => [
    claimKey ?? null,
    jobId ?? null,
    state,
    billed,
  ]);
}

describe('readLedger()', () => {
  test('shows the cost and the tags of a delivered job, and that it is billed', async () => {
    await pay('a');
    await keepVideo(storage, 'a', storedNow);
    expect(await readLedger(storage, window)).toEqual([
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
    expect(await readLedger(storage, window)).toMatchObject([{ chargedRatios }]);
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
    const entries = await readLedger(storage, window);
    expect(entries.filter((entry) => entry.settled)).toEqual([]);
  });

  test('matches a video to the submit whose job it is, not to an earlier submit of its key', async () => {
    await pay('a', { at: nowMs - 1, outcome: { state: 'unknown', message: 'lost' } });
    await pay('a', { claimKey: 'video/a/resubmit-2' });
    await keepVideo(storage, 'a', storedNow);
    expect(await statesOf()).toEqual([
      ['video/a', null, 'unknown', 'maybe'],
      ['video/a/resubmit-2', 'task_a', 'stored', 'yes'],
    ]);
  });

  test('finds the lost job of a submit by the video that was adopted for its key', async () => {
    await pay('a', { outcome: { state: 'unknown', message: 'lost' } });
    await keepVideo(storage, 'a', storedNow);
    expect(await statesOf()).toEqual([['video/a', 'task_a', 'stored', 'yes']]);
  });

  test('matches a video to one lost submit of its key, not to two', async () => {
    const lost = { outcome: { state: 'unknown', message: 'lost' } } as const;
    await pay('a', lost);
    await pay('a', { ...lost, claimKey: 'video/a/resubmit-2' });
    await keepVideo(storage, 'a', storedNow);
    const billed = (await readLedger(storage, window)).map((entry) => entry.billed);
    expect(billed.toSorted()).toEqual(['maybe', 'yes']);
  });

  test('lists a job that was adopted by its id alone once', async () => {
    await keepVideo(storage, 'job/task_9', storedNow);
    expect(await statesOf()).toEqual([[null, 'task_job/task_9', 'stored', 'yes']]);
  });

  test('excludes a job whose claim was written before the window, even if its video came later', async () => {
    await pay('early', { at: window.fromMs - 1 });
    const file = join(folder, claimObjectKey('video/early'));
    await utimes(file, new Date(window.fromMs - 1), new Date(window.fromMs - 1));
    await keepVideo(storage, 'early', storedNow);
    expect(await statesOf()).toEqual([]);
  });

  test('counts a job in the window of its submit, whenever it was delivered', async () => {
    await pay('early', { at: window.fromMs - 1 });
    await keepVideo(storage, 'early', storedNow);
    await pay('late', { at: window.toMs });
    expect(await statesOf()).toEqual([]);
  });
});

describe('checkLedger()', () => {
  const at = (jobId: string, submittedAt = nowMs): LoggedJob => ({ jobId, submittedAt });
  const check = (there: LoggedJob[], known: string[] = []) =>
    checkLedger(
      {
        storage,
        gateway,
        account,
        findJobs: async ({ fromMs, toMs }) =>
          there.filter(({ submittedAt }) => fromMs <= submittedAt && submittedAt <= toMs),
        isKnown: async (jobId) => known.includes(jobId),
      },
      window,
    );

  test('finds no difference if each job is on both sides, whatever its outcome', async () => {
    await pay('a');
    await keepVideo(storage, 'b', storedNow);
    const checked = await check([at('task_a'), at('task_b'), at('task_run')], ['task_run']);
    expect(checked).toMatchObject({
      jobsThere: 3,
      jobsHere: 1,
      unknownLocally: { count: 0 },
      missingAtGateway: { count: 0 },
      unresolved: { count: 0 },
    });
  });

  test('lists a job of the account that is unknown locally, and the submit that it may belong to', async () => {
    await pay('a', { outcome: { state: 'unknown', message: 'lost' } });
    const { unknownLocally, unresolved } = await check([{ ...at('task_x'), model: 'kling-v1' }]);
    const moment = new Date(nowMs).toISOString();
    expect(unknownLocally.listed).toEqual([
      { jobId: 'task_x', submittedAt: moment, model: 'kling-v1' },
    ]);
    expect(unresolved.listed).toEqual([{ videoId: 'video/a', at: moment, model: 'kling-v1' }]);
  });

  test('lists a submit whose job is missing at the gateway', async () => {
    await pay('a');
    const { missingAtGateway, jobsHere } = await check([]);
    expect(jobsHere).toBe(1);
    expect(missingAtGateway.listed).toMatchObject([{ videoId: 'video/a', jobId: 'task_a' }]);
  });

  test('does not expect jobs of other keys or gateways in the log, but knows the jobs of other keys', async () => {
    await pay('a', { account: 'admission/other' });
    await pay('b', { gateway: 'https://other.test' });
    expect((await check([])).missingAtGateway.count).toBe(0);
    expect((await check([at('task_a'), at('task_b')])).unknownLocally.listed).toMatchObject([
      { jobId: 'task_b' },
    ]);
  });

  test('reports no job at the edge of the window as a difference', async () => {
    await pay('a', { at: window.fromMs - 1_000 });
    await pay('b', { at: window.fromMs + 1_000 });
    await pay('c', { at: window.toMs - 1_000 });
    await pay('d', { at: window.toMs + 1_000 });
    const checked = await check([
      at('task_a', window.fromMs + 1_000),
      at('task_b', window.fromMs - 1_000),
      at('task_c', window.toMs + 1_000),
      at('task_d', window.toMs - 1_000),
    ]);
    expect(checked).toMatchObject({ unknownLocally: { count: 0 }, missingAtGateway: { count: 0 } });
  });

  test('lists some of many differences, and counts all', async () => {
    const many = Array.from({ length: listedDifferences + 5 }, (_, index) => at(`task_${index}`));
    const { unknownLocally } = await check(many);
    expect(unknownLocally).toMatchObject({ count: listedDifferences + 5 });
    expect(unknownLocally.listed).toHaveLength(listedDifferences);
  });

  test('returns no result if a part of the log cannot be read', async () => {
    let asked = 0;
    const findJobs = async () => {
      asked += 1;
      if (asked === 3) throw new Error('no answer');
      return [];
    };
    const ports = { storage, gateway, account, findJobs, isKnown: async () => false };
    await expect(checkLedger(ports, window)).rejects.toThrow('no answer');
  });
});
