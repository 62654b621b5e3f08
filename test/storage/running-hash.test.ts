import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashThread } from '../../src/storage/hash-thread.ts';
import { hashOf, startHash } from '../../src/storage/running-hash.ts';

const sha256 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

function shared(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(new SharedArrayBuffer(bytes.length));
  block.set(bytes);
  return block;
}

test('a digest covers exactly the bytes given before it, in shared memory or not', async () => {
  const pieces = fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.boolean()), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(pieces, async (given) => {
      const hash = startHash();
      const seen: Uint8Array[] = [];
      const digests: Promise<string>[] = [];
      const updates: Promise<void>[] = [];
      for (const [bytes, isShared] of given) {
        updates.push(hash.update(isShared ? shared(bytes) : bytes));
        seen.push(bytes);
        digests.push(hash.digest());
      }
      await Promise.all(updates);
      expect(await Promise.all(digests)).toEqual(
        seen.map((_, index) => sha256(...seen.slice(0, index + 1))),
      );
      hash.end();
    }),
    { numRuns: 30 },
  );
});

test('hashes at the same time do not mix', async () => {
  const files = Array.from({ length: 4 }, () => randomBytes(5_000));
  const hashes = files.map(() => startHash());
  for (let at = 0; at < 5_000; at += 1_000) {
    await Promise.all(
      hashes.map((hash, index) =>
        hash.update(shared(files[index]?.subarray(at, at + 1_000) ?? new Uint8Array())),
      ),
    );
  }
  expect(await Promise.all(hashes.map((hash) => hash.digest()))).toEqual(
    files.map((file) => sha256(file)),
  );
  expect(await hashOf(shared(files[0] ?? new Uint8Array()))).toBe(sha256(files[0] ?? Buffer.of()));
});

test('a thread that ends fails the hashes it had, and never gives a wrong digest', async () => {
  const bytes = randomBytes(1_000);
  const begun = startHash();
  await begun.update(shared(bytes));
  const { worker } = hashThread();
  const waiting = begun.digest().catch((error: unknown) => error);
  await worker.terminate();
  // The digest may have been sent before the end.
  expect([sha256(bytes), 'Error: the hash thread ended']).toContain(String(await waiting));
  await expect(begun.update(shared(bytes))).rejects.toThrow('the hash thread ended');
  await expect(begun.digest()).rejects.toThrow('the hash thread ended');
  begun.end();
  const next = startHash();
  await next.update(shared(bytes));
  expect(await next.digest()).toBe(sha256(bytes));
});
