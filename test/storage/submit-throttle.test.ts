import { describe, expect, test } from 'vitest';
import { createSubmitThrottle } from '../../src/storage/submit-throttle.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

async function twoWorkers(keys: [string, string] = ['sk-a', 'sk-a']) {
  const { storage, files } = await tempStorage();
  const [one, other] = keys.map((key) =>
    createSubmitThrottle({ storage, gateway: 'https://gateway.test', key }),
  );
  if (!one || !other) throw new Error('two keys are needed');
  return { one, other, files };
}

describe('the limit that all runs on one key share', () => {
  test('holds the others back as long as the gateway said', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ nowMs: 1_000, sentAtMs: 900, retryAfterMs: 2_000 });
    expect(await other.heldUntil()).toBe(3_000);
  });

  test('without a word of the gateway grows with each 429 in a row, and is bounded', async () => {
    const { one } = await twoWorkers();
    const pauses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      await one.hold({ nowMs: count, sentAtMs: count });
      pauses.push((await one.heldUntil()) - count);
    }
    expect(pauses).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });

  test('counts a burst of POSTs that were under way together once', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ nowMs: 1_000, sentAtMs: 500 });
    await other.hold({ nowMs: 1_100, sentAtMs: 600 });
    expect(await one.heldUntil()).toBe(11_000);
  });

  test('begins anew after a submit that went through', async () => {
    const { one, other } = await twoWorkers();
    await one.hold({ nowMs: 0, sentAtMs: 0 });
    await other.free();
    expect(await one.heldUntil()).toBe(0);
  });

  test('is not that of another key, and stores no key', async () => {
    const { one, other, files } = await twoWorkers(['sk-a', 'sk-b']);
    await one.hold({ nowMs: 0, sentAtMs: 0 });
    expect(await other.heldUntil()).toBe(0);
    expect((await files()).join()).not.toContain('sk-a');
  });
});
