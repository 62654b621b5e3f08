import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unkeyedId, type UnkeyedRequest } from '../../src/serve/videos/unkeyed-start.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 30, 12);

const request: UnkeyedRequest = {
  tenant: 'acme',
  digest: 'a'.repeat(64),
  mode: 'retries',
  retryCount: 0,
  receivedAt: noon,
};

/** Small objects, created atomically. */
function createObjects(pause = async () => {}) {
  const objects = new Map<string, Uint8Array>();
  let reads = 0;
  return {
    objects,
    reads: () => reads,
    storage: {
      readSmall: async (key: string) => {
        reads += 1;
        await pause();
        return objects.get(key) ?? null;
      },
      createSmall: async (key: string, bytes: Uint8Array) => {
        await pause();
        const isNew = !objects.has(key);
        if (isNew) objects.set(key, bytes);
        await pause();
        return isNew;
      },
    },
  };
}

describe('a request without a key', () => {
  test('that is sent for the first time is a new video each time', async () => {
    const { storage } = createObjects();
    const ids = [];
    for (let sent = 1; sent <= 3; sent += 1) ids.push(await unkeyedId(storage, request));
    expect(new Set(ids).size).toBe(3);
  });

  test('that an SDK repeats is the newest equal one', async () => {
    const { storage } = createObjects();
    await unkeyedId(storage, request);
    const newest = await unkeyedId(storage, request);
    // OpenAI's clients wait 10 minutes for each attempt.
    for (const [retryCount, minutes] of [
      [1, 10.1],
      [2, 20.2],
    ] as const) {
      const retry = { ...request, retryCount, receivedAt: noon + minutes * minute };
      expect(await unkeyedId(storage, retry)).toBe(newest);
    }
  });

  test('is a new video if the equal one is older than any retry', async () => {
    const { storage } = createObjects();
    const old = await unkeyedId(storage, request);
    const retry = { ...request, retryCount: 1, receivedAt: noon + 61 * minute };
    expect(await unkeyedId(storage, retry)).not.toBe(old);
  });

  test('that its retry has overtaken is the same video', async () => {
    const { storage } = createObjects();
    const retry = await unkeyedId(storage, { ...request, retryCount: 1 });
    expect(await unkeyedId(storage, { ...request, receivedAt: noon - 9 * minute })).toBe(retry);
  });

  test('of another tenant, or with another body, is another video', async () => {
    const { storage } = createObjects();
    const ids = [await unkeyedId(storage, request)];
    for (const other of [{ tenant: 'other' }, { digest: 'b'.repeat(64) }]) {
      ids.push(await unkeyedId(storage, { ...request, ...other, retryCount: 1 }));
    }
    expect(new Set(ids).size).toBe(3);
  });

  test('is any equal one of the last hour in mode "identical", and none in mode "off"', async () => {
    const { storage } = createObjects();
    const first = await unkeyedId(storage, request);
    const later = { ...request, receivedAt: noon + 50 * minute };
    expect(await unkeyedId(storage, { ...later, mode: 'identical' })).toBe(first);
    expect(await unkeyedId(storage, { ...later, mode: 'off', retryCount: 2 })).not.toBe(first);
  });

  test('needs few reads, although hundreds of equal ones were sent', async () => {
    const { storage, reads } = createObjects();
    for (let sent = 0; sent < 300; sent += 1) await unkeyedId(storage, request);
    const before = reads();
    await unkeyedId(storage, request);
    expect(reads() - before).toBeLessThan(25);
  });

  test('is one video, in whatever order its attempts arrive and overlap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 0, max: 9 * minute }), { minLength: 1, maxLength: 4 }),
        async (scheduler, delays) => {
          const { storage } = createObjects(() => scheduler.schedule(Promise.resolve()));
          const sentAt = delays.toSorted((a, b) => a - b);
          const attempts = sentAt.map((delayMs, retryCount) =>
            unkeyedId(storage, { ...request, retryCount, receivedAt: noon + delayMs }),
          );
          await scheduler.waitFor(Promise.all(attempts));
          expect(new Set(await Promise.all(attempts)).size).toBe(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('sent by several callers at once is one video for each', async () => {
    const { storage } = createObjects();
    const ids = await Promise.all(Array.from({ length: 20 }, () => unkeyedId(storage, request)));
    expect(new Set(ids).size).toBe(20);
  });
});
