import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKnownPrices } from '../../src/activities/admission/known-prices.ts';
import type { PriceList } from '../../src/contract/price/price-of.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createStorage } from '../../src/storage/create-storage.ts';
import { activityHarness } from '../fakes/activity-harness.ts';

const hourMs = 60 * 60_000;
const veo = { model: 'veo-3.1', seconds: 8 };

interface Setup {
  own?: PriceList;
  accessToken?: string;
  account?: string;
}

/** Workers of one storage and one gateway, on a clock of the test's own. */
async function harness() {
  const sandbox = await startSandboxGateway({ generation: 'plugins' });
  const storage = await createStorage({ folder: await mkdtemp(join(tmpdir(), 'onetake-')) });
  let nowMs = Date.UTC(2026, 10, 29);
  const worker = ({
    own = {},
    accessToken = sandbox.accessToken,
    account = 'admission/a',
  }: Setup = {}) => {
    const gateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey, accessToken });
    const prices = createKnownPrices({ gateway, storage, account, own, now: () => nowMs });
    return (video: { model: string; seconds?: number; resolution?: string }) =>
      activityHarness().run(async () => (await prices()).of(video), undefined);
  };
  return {
    worker,
    storage,
    reads: () => sandbox.ledger.otherRequests.filter(({ path }) => path === '/api/pricing').length,
    later: (ms: number) => {
      nowMs += ms;
    },
    stopGateway: () => sandbox.stop(),
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
}

describe('the price of a video', () => {
  test('is that of the gateway by length and resolution, the dearest where one is open', async () => {
    await using fixture = await harness();
    const priceOf = fixture.worker();

    expect(await priceOf({ ...veo, resolution: '720p' })).toBe(2);
    expect(await priceOf({ ...veo, resolution: '4k' })).toBe(3);
    expect(await priceOf(veo)).toBe(3);
    expect(await priceOf({ model: 'veo-3.1' })).toBeUndefined();
    expect(await priceOf({ model: 'unheard-of', seconds: 8 })).toBeUndefined();
  });

  test('is that of GATEWAY_PRICES where it names the model', async () => {
    await using fixture = await harness();
    const priceOf = fixture.worker({ own: { 'veo-3.1': { perVideo: 1, perSecond: 2 } } });

    expect(await priceOf(veo)).toBe(17);
    expect(await priceOf({ model: 'SD2.5 720P', seconds: 4 })).toBeCloseTo(3.8, 9);
  });

  test('is not known where the gateway shows no list', async () => {
    await using fixture = await harness();
    const priceOf = fixture.worker({ accessToken: 'wrong' });

    expect(await priceOf(veo)).toBeUndefined();
    fixture.later(14 * 60_000);
    await priceOf(veo);
    expect(fixture.reads()).toBe(1);
    fixture.later(2 * 60_000);
    await priceOf(veo);
    expect(fixture.reads()).toBe(2);
  });
});

describe('the price list', () => {
  test('is read once for all that ask at once, and again after an hour', async () => {
    await using fixture = await harness();
    const priceOf = fixture.worker();

    await Promise.all(Array.from({ length: 20 }, () => priceOf(veo)));
    fixture.later(hourMs - 1);
    await priceOf(veo);
    expect(fixture.reads()).toBe(1);
    fixture.later(1);
    await priceOf(veo);
    expect(fixture.reads()).toBe(2);
  });

  test('is kept in the storage for the other workers of the account, with its date', async () => {
    await using fixture = await harness();

    await fixture.worker()(veo);
    fixture.later(hourMs / 2);
    const other = fixture.worker({ accessToken: 'wrong' });
    expect(await other(veo)).toBe(3);
    expect(fixture.reads()).toBe(1);
    const kept = await fixture.storage.readSmall('prices/a.json', 1_000_000);
    expect(JSON.parse(String(kept && Buffer.from(kept)))).toMatchObject({
      readAt: '2026-11-29T00:00:00.000Z',
      prices: { groupRatios: { 视频模型: 1 } },
    });
    expect(await fixture.worker({ accessToken: 'wrong', account: 'admission/b' })(veo)).toBe(
      undefined,
    );
  });

  test('that can be read no more counts for a week', async () => {
    await using fixture = await harness();
    const priceOf = fixture.worker();
    await priceOf(veo);
    await fixture.stopGateway();

    fixture.later(7 * 24 * hourMs - 1);
    expect(await priceOf(veo)).toBe(3);
    fixture.later(hourMs);
    expect(await priceOf(veo)).toBeUndefined();
  });

  test('that lies damaged in the storage is read anew from the gateway', async () => {
    await using fixture = await harness();
    await fixture.storage.writeSmall('prices/a.json', Buffer.from('{"readAt":'));

    expect(await fixture.worker()(veo)).toBe(3);
  });
});
