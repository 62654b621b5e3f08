import { afterEach, describe, expect, test, vi } from 'vitest';
import type { VideoCost } from '../../src/contract/admission.ts';
import { asking, bookWith, noonMs, today } from './admission-asks.ts';
import { startAdmissionHarness, type AdmissionHarness } from './admission-harness.ts';
import { input, pending, start, untilStatus } from './harness.ts';

describe('a cap', () => {
  test('in money counts the charge of the gateway in place of the reservation', () => {
    const book = bookWith(9);
    book.setLimits({ perDay: { money: 1 }, perTag: { ads: { money: 1 } } }, noonMs);
    const cost = { seconds: 5, money: 0.8, currency: 'gateway' } as const;
    book.ask(asking('a', { cost, tags: ['ads'] }), noonMs);
    expect(book.ask(asking('b', { cost }), noonMs).outcome).toBe('refused');
    const charged = { quota: 100_000, money: 0.2 };
    book.release({ videoId: 'a', spent: 'yes', charged }, noonMs);
    expect(book.status(noonMs).spent).toMatchObject({
      [today]: { videos: 1, seconds: 5, money: 0.2 },
      'tag/2026-11-23/ads': { videos: 1, seconds: 5, money: 0.2 },
    });
    expect(book.ask(asking('b', { cost }), noonMs).outcome).toBe('granted');
  });

  test('in money counts nothing for a refunded job, and counts a charge above the reservation in full', () => {
    const book = bookWith(9);
    const cost = { money: 0.8, currency: 'gateway' } as const;
    book.ask(asking('a', { cost }), noonMs);
    book.ask(asking('b', { cost }), noonMs);
    book.release({ videoId: 'a', spent: 'yes', charged: { quota: 0, money: 0 } }, noonMs);
    book.release({ videoId: 'b', spent: 'yes', charged: { quota: 500_000, money: 1 } }, noonMs);
    expect(book.status(noonMs).spent[today]).toMatchObject({ videos: 2, money: 1 });
  });

  test.each<[why: string, cost: VideoCost]>([
    ["a price of the owner's list", { money: 0.8 }],
    ['no price', { currency: 'gateway' }],
  ])('in money keeps %s, whatever the gateway charged', (_why, cost) => {
    const book = bookWith(9);
    book.ask(asking('a', { cost }), noonMs);
    const charged = { quota: 100_000, money: 0.2 };
    book.release({ videoId: 'a', spent: 'yes', charged }, noonMs);
    expect(book.status(noonMs).spent[today]).toMatchObject({ money: cost.money ?? 0 });
  });
});

describe('an admission that uses the price list of the gateway', () => {
  let harness: AdmissionHarness | undefined;
  afterEach(() => harness?.stop());

  test('counts the reservation first and, once the job has ended, the charge', async () => {
    const started = (harness = await startAdmissionHarness({ maxJobs: 2, moneyPerVideo: 0.8 }));
    const charged = { quota: 100_000, money: 0.2 };
    let isDone = false;
    started.play({
      poll: async () => {
        if (!isDone) throw pending(1_000);
        return { state: 'succeeded', askedAt: await started.env.currentTimeMs(), charged };
      },
    });
    const video = await start(started.env, input);
    await untilStatus(video, ({ phase }) => phase === 'queued');
    const spent = async () => Object.values((await started.status()).spent);
    expect(await spent()).toMatchObject([{ videos: 1, money: 0.8 }]);
    isDone = true;
    await started.resultOf(video);
    await vi.waitFor(async () => {
      expect(await spent()).toMatchObject([{ videos: 1, seconds: 5, money: 0.2 }]);
    });
  });
});
