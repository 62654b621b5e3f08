import { expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import { pricesHere } from '../../src/cli/models/price-source.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createKeptPrices } from '../../src/storage/records/kept-prices.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const veo = { model: 'veo-3.1', seconds: 8, resolution: '720p' };

async function harness() {
  const sandbox = await startSandboxGateway({ generation: 'plugins' });
  const { storage } = await tempStorage();
  const account = admissionId({ gateway: sandbox.url, key: sandbox.apiKey });
  const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey };
  return {
    storage,
    env: { ...env, GATEWAY_ACCESS_TOKEN: sandbox.accessToken },
    withoutToken: env,
    keep: (ageMs: number) => {
      const tariff = { mode: 'per_video', money: 7 } as const;
      const models = [{ model: 'veo-3.1', groups: ['g'], tariff }];
      return createKeptPrices({ storage }).keep(account, {
        readAt: new Date(Date.now() - ageMs).toISOString(),
        prices: { groupRatios: { g: 1 }, models },
      });
    },
    kept: () => createKeptPrices({ storage }).load(account),
    reads: () => sandbox.ledger.otherRequests.length,
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
}

test('a quote asks the gateway for its prices, and GATEWAY_PRICES override them', async () => {
  await using fixture = await harness();
  const own = { GATEWAY_PRICES: '{"SD2.5 720P":{"perVideo":3}}' };
  const prices = await pricesHere({ ...fixture.env, ...own }, fixture.storage);

  expect(prices.of(veo)).toBe(2);
  expect(prices.of({ model: 'SD2.5 720P', seconds: 5 })).toBe(3);
  expect(await fixture.kept()).toBeNull();
});

test('a quote takes the list that the workers kept within the hour', async () => {
  await using fixture = await harness();
  await fixture.keep(59 * 60_000);

  expect((await pricesHere(fixture.env, fixture.storage)).of(veo)).toBe(7);
  expect(fixture.reads()).toBe(0);
});

test('an older list counts only where the gateway shows none, and for a week', async () => {
  await using fixture = await harness();
  await fixture.keep(2 * 60 * 60_000);

  expect((await pricesHere(fixture.env, fixture.storage)).of(veo)).toBe(2);
  expect((await pricesHere(fixture.withoutToken, fixture.storage)).of(veo)).toBe(7);
  await fixture.keep(8 * 24 * 60 * 60_000);
  const old = await pricesHere(fixture.withoutToken, fixture.storage);
  expect(old.sourceOf(veo.model)).toEqual({ from: 'catalogue', date: '2026-09-17' });
  expect(old.of(veo)).toBe(2);
});

test('a quote without an API key takes GATEWAY_PRICES, then the recorded list', async () => {
  await using fixture = await harness();
  const own = { GATEWAY_PRICES: '{"veo-3.1":{"perVideo":3}}' };

  const recorded = await pricesHere({}, fixture.storage);
  expect(recorded.of(veo)).toBe(2);
  expect(recorded.of({ ...veo, model: 'kling-v1' })).toBeUndefined();
  expect((await pricesHere(own, fixture.storage)).of(veo)).toBe(3);
});
