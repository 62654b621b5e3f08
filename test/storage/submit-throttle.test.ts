import { describe, expect, test } from 'vitest';
import { createSubmitThrottle } from '../../src/storage/records/submit-throttle.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

async function twoWorkers(keys: [string, string] = ['sk-a', 'sk-a']) {
  const { storage, files } = await tempStorage();
  const [one, other] = keys.map((key) =>
    createSubmitThrottle({ storage, gateway: 'https://gateway.test', key }),
  );
  if (!one || !other) throw new Error('two keys are needed');
  return { one, other, files };
}

const model = 'kling-v1';
const ofKey = { scope: 'key', model } as const;
const ofModel = { scope: 'model', model } as const;

describe('the rate limits that all runs on one API key share', () => {
  test('hold the other runs back as long as the gateway requires', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ ...ofKey, nowMs: 1_000, sentAtMs: 900, retryAfterMs: 2_000 });
    expect(await other.holdOn('sora-2')).toEqual({ scope: 'key', untilMs: 3_000 });
  });

  test.each([ofKey, ofModel])(
    'without Retry-After grow with each 429 in a row, up to a maximum: %j',
    async (limit) => {
      const { one } = await twoWorkers();
      const pauses: number[] = [];
      for (let count = 0; count < 6; count += 1) {
        await one.hold({ ...limit, nowMs: count, sentAtMs: count });
        pauses.push(((await one.holdOn(model))?.untilMs ?? 0) - count);
      }
      expect(pauses).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
    },
  );

  test('count a burst of concurrent POSTs once', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ ...ofKey, nowMs: 1_000, sentAtMs: 500 });
    await other.hold({ ...ofKey, nowMs: 1_100, sentAtMs: 600 });
    expect(await one.holdOn(model)).toMatchObject({ untilMs: 11_000 });
  });

  test('of a model hold back that model only', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ ...ofModel, nowMs: 0, sentAtMs: 0 });
    expect(await other.holdOn(model)).toEqual({ scope: 'model', untilMs: 10_000 });
    expect(await other.holdOn('sora-2')).toBeNull();
  });

  test('of key and model together: the longer one applies', async () => {
    const { one } = await twoWorkers();
    await one.hold({ ...ofKey, nowMs: 0, sentAtMs: 0, retryAfterMs: 50_000 });
    await one.hold({ ...ofModel, nowMs: 0, sentAtMs: 0 });
    expect(await one.holdOn(model)).toEqual({ scope: 'key', untilMs: 50_000 });
  });

  test('reset after an accepted submit of the model; other models stay limited', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ ...ofKey, nowMs: 0, sentAtMs: 0 });
    await one.hold({ ...ofModel, nowMs: 0, sentAtMs: 0 });
    await one.hold({ scope: 'model', model: 'sora-2', nowMs: 0, sentAtMs: 0 });
    await other.free(model);
    expect(await one.holdOn(model)).toBeNull();
    expect(await one.holdOn('sora-2')).toMatchObject({ scope: 'model' });
  });

  test.each([ofKey, ofModel])(
    'do not apply to another key, and store no key: %j',
    async (limit) => {
      const { one, other, files } = await twoWorkers(['sk-a', 'sk-b']);
      await one.hold({ ...limit, nowMs: 0, sentAtMs: 0 });
      expect(await other.holdOn(model)).toBeNull();
      expect((await files()).join()).not.toContain('sk-a');
    },
  );
});
