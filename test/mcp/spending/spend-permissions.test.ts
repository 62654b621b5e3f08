import { describe, expect, test } from 'vitest';
import { StorageError } from '../../../src/storage/storage-error.ts';
import { minute, noon, request, spendingHarness } from './spending-harness.ts';

const other = { ...request, digest: 'b'.repeat(64) };
const foreign = { ...request, tenant: { name: 'rival', keyId: 'k_2' } };
const hour = 60 * minute;

describe('an agent without a standing permission', () => {
  test('may not spend without a token', async () => {
    const { permissions } = spendingHarness();
    expect(await permissions.check(request)).toMatchObject({
      ok: false,
      reason: 'none',
      message: expect.stringContaining('a person must approve'),
    });
  });

  test('may not spend with the token that it got itself, and learns who can approve it', async () => {
    const { permissions } = spendingHarness();
    const onServer = { ...request, serverUrl: 'http://127.0.0.1:8787' };
    const { confirm, code, approveUrl, expiresAt } = await permissions.offer(onServer);
    expect(approveUrl).toBe(`http://127.0.0.1:8787/approve/${confirm}`);
    expect(expiresAt).toBe(noon + 10 * minute);
    const refused = await permissions.check(onServer, confirm);
    expect(refused).toMatchObject({ ok: false, reason: 'not_approved', approveUrl, code });
    expect(refused).toMatchObject({ message: expect.stringContaining(approveUrl ?? '?') });
    expect(refused).toMatchObject({ message: expect.stringContaining(`mcp approve ${code}`) });
  });

  test('is pointed to a terminal if there is no server', async () => {
    const { permissions } = spendingHarness();
    const { confirm, code, approveUrl } = await permissions.offer(request);
    expect(approveUrl).toBeUndefined();
    const refused = await permissions.check(request, confirm);
    expect(refused).not.toHaveProperty('approveUrl');
    expect(refused).toMatchObject({ code, message: expect.stringContaining('in a terminal') });
  });

  test('may spend after a person has approved the quote, in any process', async () => {
    const { permissions, newProcess, approve } = spendingHarness();
    const { confirm, code } = await permissions.offer(request);
    expect(await approve(code.toLowerCase().replace('-', ''))).toBe(true);
    expect(await newProcess().check(request, confirm)).toMatchObject({ ok: true, by: 'approval' });
  });
});

describe('an approved token', () => {
  async function approved(ofRequest = request) {
    const harness = spendingHarness();
    const { confirm, code } = await harness.permissions.offer(ofRequest);
    await harness.approve(code);
    return { ...harness, confirm, code };
  }

  test('is for the request that was approved', async () => {
    const { permissions, confirm } = await approved();
    expect(await permissions.check(other, confirm)).toMatchObject({ reason: 'other_request' });
    expect(await permissions.check(request, confirm)).toMatchObject({ ok: true });
  });

  test('is for the price that was approved, or less', async () => {
    const { permissions, confirm } = await approved();
    for (const money of [1.51, null, Number.NaN]) {
      const refused = await permissions.check({ ...request, money }, confirm);
      expect(refused).toMatchObject({ reason: 'other_request' });
    }
    expect(await permissions.check({ ...request, money: 1 }, confirm)).toMatchObject({ ok: true });
  });

  test('without a known price is for any price', async () => {
    const { permissions, confirm } = await approved({ ...request, money: null });
    expect(await permissions.check({ ...request, money: 9 }, confirm)).toMatchObject({ ok: true });
  });

  test('of another tenant is refused like one that does not exist', async () => {
    const { permissions, confirm } = await approved();
    const refused = await permissions.check(foreign, confirm);
    const forged = confirm.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(refused).toMatchObject({ ok: false, reason: 'unknown_token' });
    for (const unknown of [forged, 'none', '', '../../x', `spend_00000000_${'0'.repeat(40)}`]) {
      expect(await permissions.check(request, unknown)).toEqual(refused);
    }
  });

  test('gives the same key each time, so it is one video', async () => {
    const { permissions, newProcess, confirm } = await approved();
    const first = await permissions.check(request, confirm);
    expect(await newProcess().check(request, confirm)).toEqual(first);
  });

  test('takes the key of its first use, and refuses another one', async () => {
    const { permissions, confirm } = await approved();
    const one = { ...request, key: 'cat-1' };
    expect(await permissions.check(one, confirm)).toMatchObject({ ok: true, key: 'cat-1' });
    expect(await permissions.check({ ...request, key: 'cat-2' }, confirm)).toMatchObject({
      reason: 'other_request',
      message: expect.not.stringContaining('cat-1'),
    });
    expect(await permissions.check(request, confirm)).toMatchObject({ ok: true, key: 'cat-1' });
  });

  test('is used within 10 minutes of the approval; later calls find its video for a day', async () => {
    const { permissions, confirm, clock } = await approved();
    clock.ms += 10 * minute - 1;
    const first = await permissions.check(request, confirm);
    expect(first).toMatchObject({ ok: true });
    clock.ms += 23 * hour;
    expect(await permissions.check(request, confirm)).toEqual(first);
    clock.ms += hour;
    expect(await permissions.check(request, confirm)).toMatchObject({ reason: 'expired' });
  });

  test('by a machine with a clock that is ahead permits nothing', async () => {
    const { permissions, storage, clock } = spendingHarness();
    const { createSpendOffers } = await import('../../../src/mcp/spending/spend-offers.ts');
    const ahead = (ms: number) => createSpendOffers({ storage, now: () => clock.ms + ms });
    const quoteAt = async (ms: number) => {
      const { confirm, code } = await ahead(ms).create(request);
      await ahead(ms).approve(code, { by: 'terminal', keyId: null });
      return permissions.check(request, confirm);
    };
    expect(await quoteAt(5 * hour)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await quoteAt(minute / 2)).toMatchObject({ ok: true, by: 'approval' });
  });

  test('that was not used in time has expired', async () => {
    const { permissions, confirm, clock } = await approved();
    clock.ms += 10 * minute;
    expect(await permissions.check(request, confirm)).toMatchObject({ reason: 'expired' });
  });
});

describe('a token of a request that a person agreed to in the client', () => {
  test('is for that video, also if its quote is approved afterwards', async () => {
    const { permissions, newProcess, approve } = spendingHarness();
    const { confirm, code } = await permissions.offer(request);
    expect(await permissions.agreed(request, { confirm, key: 'asked-1' })).toBe('asked-1');
    await approve(code);
    const permission = await newProcess().check(request, confirm);
    expect(permission).toMatchObject({ ok: true, by: 'question', key: 'asked-1' });
  });

  test('keeps the video that it was used for before', async () => {
    const { permissions, approve } = spendingHarness();
    const { confirm, code } = await permissions.offer(request);
    await approve(code);
    const permission = await permissions.check(request, confirm);
    const key = await permissions.agreed(request, { confirm, key: 'asked-1' });
    expect(permission).toMatchObject({ key });
  });

  test('is left as it is if it is of another request or tenant, or expired', async () => {
    const { permissions, offers, clock } = spendingHarness();
    const { confirm, code } = await permissions.offer(request);
    for (const wrong of [other, foreign]) {
      expect(await permissions.agreed(wrong, { confirm, key: 'asked-1' })).toBe('asked-1');
    }
    clock.ms += 10 * minute;
    expect(await permissions.agreed(request, { confirm, key: 'asked-1' })).toBe('asked-1');
    expect((await offers.byCode(code))?.use).toBeNull();
  });
});

describe('a quote', () => {
  test('cannot be approved after 10 minutes', async () => {
    const { permissions, approve, clock } = spendingHarness();
    const { confirm, code } = await permissions.offer(request);
    clock.ms += 10 * minute;
    expect(await approve(code)).toBe(false);
    expect(await permissions.check(request, confirm)).toMatchObject({ reason: 'expired' });
  });

  test('that is approved twice keeps its first approval', async () => {
    const { permissions, approve, clock, confirm } = await (async () => {
      const harness = spendingHarness();
      return { ...harness, ...(await harness.permissions.offer(request)) };
    })();
    const [, code = ''] = confirm.split('_');
    await approve(code);
    clock.ms += 9 * minute;
    expect(await approve(code)).toBe(true);
    clock.ms += 2 * minute;
    expect(await permissions.check(request, confirm)).toMatchObject({ reason: 'expired' });
  });

  test('is stored without its token, with a prompt of limited length', async () => {
    const { permissions, offers, objects } = spendingHarness();
    const prompt = '猫'.repeat(10_000);
    const { confirm, code } = await permissions.offer({ ...request, prompt });
    const stored = [...objects.values()].map(({ bytes }) => Buffer.from(bytes).toString());
    expect(stored.join('')).not.toContain(confirm.slice(-40));
    const offer = await offers.byCode(code);
    expect(offer).toMatchObject({ isPromptCut: true, state: 'open' });
    expect(prompt.startsWith(offer?.prompt ?? '?')).toBe(true);
  });

  test('that is damaged permits nothing', async () => {
    const { permissions, approve, objects } = spendingHarness();
    const { confirm, code } = await permissions.offer(request);
    await approve(code);
    for (const object of objects.values()) object.bytes = Buffer.from('{}');
    await expect(permissions.check(request, confirm)).rejects.toThrow(StorageError);
  });

  test('is removed days later, when another one is made', async () => {
    const { permissions, approve, objects, clock } = spendingHarness({ standing: { money: 5 } });
    const { code } = await permissions.offer(request);
    await approve(code);
    await permissions.check(request);
    clock.ms += 73 * hour;
    const { code: next } = await permissions.offer(request);
    // It is removed beside the call.
    await expect
      .poll(() => [...objects.keys()])
      .toEqual([`spending/quotes/${next.replace('-', '')}/quote.json`]);
  });
});
