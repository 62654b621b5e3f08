import { describe, expect, test } from 'vitest';
import type { WebhookEndpoint } from '../../src/contract/webhook.ts';
import { createCachedEndpoints } from '../../src/webhooks/cached-endpoints.ts';

const endpoint = (id: string): WebhookEndpoint => ({
  id,
  tenant: null,
  target: { url: 'https://hooks.example.com/in' },
  createdAt: 0,
  secrets: ['whsec_c2VjcmV0'],
});

/** A storage that answers as told, and a clock. */
function reading() {
  const clock = { nowMs: 0 };
  const storage = {
    reads: 0,
    list: async (): Promise<WebhookEndpoint[]> => [],
    get: async (): Promise<WebhookEndpoint | null> => null,
  };
  const list = () => {
    storage.reads += 1;
    return storage.list();
  };
  const endpoints = { list, get: () => storage.get() };
  const held = createCachedEndpoints({ endpoints, now: () => clock.nowMs, patience: 1 });
  return { clock, storage, held };
}

const hanging = () => new Promise<never>(() => {});
const failing = () => Promise.reject(new Error('the disk is gone'));

describe.each([
  ['hangs', hanging],
  ['fails', failing],
])('if the storage %s, the list of endpoints', (_how, list) => {
  test('is the last one, and is read again after 10 s only', async () => {
    const { clock, storage, held } = reading();
    storage.list = async () => [endpoint('we_1')];
    await held.list();
    storage.list = list;
    clock.nowMs += 10_000;
    for (let times = 0; times < 5; times += 1) expect(await held.list()).toHaveLength(1);
    expect(storage.reads).toBe(2);
    clock.nowMs += 10_000;
    await held.list();
    expect(storage.reads).toBe(3);
  });

  test('is not known if it was never read, and a later read tries again', async () => {
    const { storage, held } = reading();
    storage.list = list;
    await expect(held.list()).rejects.toThrow();
    storage.list = async () => [];
    expect(await held.list()).toEqual([]);
  });

  test('is not needed for an endpoint that can be read itself', async () => {
    const { storage, held } = reading();
    storage.list = list;
    storage.get = async () => endpoint('we_1');
    expect(await held.get('we_1')).toMatchObject({ id: 'we_1' });
  });
});

test('many who need a list that is older than 10 s wait for one read, and none gets the old list', async () => {
  const { clock, storage, held } = reading();
  await held.list();
  storage.list = async () => [endpoint('we_new')];
  clock.nowMs += 10_000;
  const lists = await Promise.all(Array.from({ length: 20 }, () => held.list()));
  expect(lists.filter((list) => list.length === 1)).toHaveLength(20);
  expect(storage.reads).toBe(2);
});
