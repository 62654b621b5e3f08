import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { expiredOffers } from '../../../src/mcp/spending/expired-offers.ts';
import { createObjects, minute, noon } from './spending-harness.ts';

const day = 1_440 * minute;

function withOld(count: number) {
  const made = createObjects();
  for (let index = 0; index < count; index += 1) {
    const key = `spending/quotes/${index}/quote.json`;
    made.objects.set(key, { bytes: Buffer.from('{}'), modifiedAt: noon - 4 * day });
  }
  return made;
}

test('one run removes a part, and the next call the rest', async () => {
  const { storage, objects, now } = withOld(1_500);
  const removeExpired = expiredOffers(storage, now);
  removeExpired();
  await expect.poll(() => objects.size).toBe(500);
  await expect
    .poll(() => {
      removeExpired();
      return objects.size;
    })
    .toBe(0);
});

test('a call does not wait for it, and calls at the same time list once', async () => {
  const { storage, now } = withOld(3);
  const gate = new EventEmitter();
  let lists = 0;
  const list = async function* (prefix: string) {
    lists += 1;
    await once(gate, 'open');
    yield* storage.list(prefix);
  };
  const removeExpired = expiredOffers({ ...storage, list }, now);
  for (let call = 0; call < 5; call += 1) removeExpired();
  await Promise.resolve();
  expect(lists).toBe(1);
  gate.emit('open');
});

test('a failed run harms no call, and is repeated after a minute', async () => {
  const { storage, objects, clock, now } = withOld(3);
  let isBroken = true;
  let failures = 0;
  const remove = async (key: string) => {
    if (isBroken) failures += 1;
    if (isBroken) throw new Error('the storage does not answer');
    await storage.remove(key);
  };
  const removeExpired = expiredOffers({ ...storage, remove }, now);
  removeExpired();
  await expect.poll(() => failures).toBe(1);
  isBroken = false;
  clock.ms += minute;
  await expect
    .poll(() => {
      removeExpired();
      return objects.size;
    })
    .toBe(0);
});
