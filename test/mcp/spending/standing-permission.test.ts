import { describe, expect, test } from 'vitest';
import { StorageError } from '../../../src/storage/storage-error.ts';
import { minute, request, spendingHarness } from './spending-harness.ts';

const other = { ...request, digest: 'b'.repeat(64) };
const foreign = { ...request, tenant: { name: 'rival', keyId: 'k_2' } };
const hour = 60 * minute;

describe('a standing permission', () => {
  test('covers videos up to its cap, and says what is reserved when it refuses', async () => {
    const { permissions } = spendingHarness({ standing: { money: 4 } });
    for (const digest of ['1', '2']) {
      const permission = await permissions.check({ ...request, digest: digest.repeat(64) });
      expect(permission).toMatchObject({ ok: true, by: 'standing' });
    }
    expect(await permissions.check({ ...request, digest: '3'.repeat(64) })).toMatchObject({
      reason: 'over_cap',
      message: expect.stringMatching(/of 4 per UTC day, of which 3 is reserved/),
    });
    // A smaller one fits.
    expect(await permissions.check({ ...other, money: 1 })).toMatchObject({ ok: true });
  });

  test('can be a number of videos', async () => {
    const { permissions } = spendingHarness({ standing: { videos: 2 } });
    const reasons = [];
    for (const key of ['1', '2', '3']) {
      const permission = await permissions.check({ ...request, key, money: 1_000 });
      reasons.push(permission.ok || permission.reason);
    }
    expect(reasons).toEqual([true, true, 'over_cap']);
  });

  test.each([null, Number.NaN, -1, Number.POSITIVE_INFINITY])(
    'does not cover a video with a price that is %s, whatever the cap',
    async (money) => {
      for (const standing of [{ money: 1e9 }, { videos: 1e9 }]) {
        const { permissions } = spendingHarness({ standing });
        const refused = await permissions.check({ ...request, money });
        expect(refused).toMatchObject({ ok: false, reason: 'unknown_price' });
      }
    },
  );

  test('adds amounts exactly', async () => {
    const { permissions } = spendingHarness({ standing: { money: 0.3 } });
    const permitted = [];
    for (const key of ['1', '2', '3', '4']) {
      permitted.push((await permissions.check({ ...request, key, money: 0.1 })).ok);
    }
    expect(permitted).toEqual([true, true, true, false]);
  });

  test('reserves once for a key, and for equal requests without a key', async () => {
    const { permissions, newProcess } = spendingHarness({ standing: { money: 3 } });
    const first = await permissions.check(request);
    const keyed = { ...request, key: 'cat-1' };
    for (let call = 1; call <= 3; call += 1) {
      expect(await newProcess().check(request)).toEqual(first);
      expect(await newProcess().check(keyed)).toMatchObject({ ok: true, key: 'cat-1' });
    }
    expect(await permissions.check({ ...request, key: 'cat-2' })).toMatchObject({
      reason: 'over_cap',
    });
  });

  test('reserves again for another request with a key, and for a higher price', async () => {
    const { permissions } = spendingHarness({ standing: { money: 5 } });
    const key = 'cat-1';
    expect(await permissions.check({ ...request, key })).toMatchObject({ ok: true });
    expect(await permissions.check({ ...other, key })).toMatchObject({ ok: true });
    expect(await permissions.check({ ...request, key, money: 3 })).toMatchObject({
      reason: 'over_cap',
    });
  });

  test('is counted per tenant and UTC day', async () => {
    const { permissions, clock } = spendingHarness({ standing: { money: 1.5 } });
    expect(await permissions.check(request)).toMatchObject({ ok: true });
    expect(await permissions.check(other)).toMatchObject({ reason: 'over_cap' });
    expect(await permissions.check({ ...other, tenant: foreign.tenant })).toMatchObject({
      ok: true,
    });
    clock.ms += 12 * hour;
    expect(await permissions.check(other)).toMatchObject({ ok: true });
  });

  test('covers a quote that is not approved, once, and above the cap asks for the approval', async () => {
    const { permissions, approve } = spendingHarness({ standing: { money: 2 } });
    const one = await permissions.offer(request);
    const first = await permissions.check(request, one.confirm);
    expect(first).toMatchObject({ ok: true, by: 'standing' });
    expect(await permissions.check(request, one.confirm)).toEqual(first);
    const two = await permissions.offer(other);
    expect(await permissions.check(other, two.confirm)).toMatchObject({ reason: 'not_approved' });
    await approve(two.code);
    expect(await permissions.check(other, two.confirm)).toMatchObject({ ok: true, by: 'approval' });
  });

  test('with a damaged reservation permits nothing', async () => {
    const { permissions, objects, newProcess } = spendingHarness({ standing: { money: 9 } });
    await permissions.check(request);
    for (const object of objects.values()) object.bytes = Buffer.from('{}');
    await expect(newProcess().check(other)).rejects.toThrow(StorageError);
  });
});
