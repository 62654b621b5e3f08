import { expect, test } from 'vitest';
import { createStatusReader } from '../../src/studio/batches/ended-status.ts';
import { createFakeBatches, snapshot } from './fake-batches.ts';

const closed = { phase: 'done', closedAt: '2026-12-01T09:00:00Z' } as const;

function readerHarness() {
  const { client, statuses } = createFakeBatches();
  const clock = { ms: 0 };
  let reads = 0;
  const counted = {
    status: (name: string) => {
      reads += 1;
      return client.status(name);
    },
  };
  const read = createStatusReader(counted, () => clock.ms);
  return { read, statuses, clock, reads: () => reads };
}

test('pages that follow an ended batch read it once in half a minute', async () => {
  const { read, statuses, clock, reads } = readerHarness();
  statuses.set('a', snapshot('a', closed));
  for (clock.ms = 0; clock.ms < 30_000; clock.ms += 2_000) await read('a', { isFollowing: true });
  expect(reads()).toBe(1);
  await read('a', { isFollowing: true });
  expect(reads()).toBe(2);
});

test('a batch that runs is read each time, and so is a page that is opened', async () => {
  const { read, statuses, reads } = readerHarness();
  statuses.set('a', snapshot('a'));
  await read('a', { isFollowing: true });
  await read('a', { isFollowing: true });
  expect(reads()).toBe(2);
  statuses.set('a', snapshot('a', closed));
  await read('a', { isFollowing: false });
  statuses.set('a', snapshot('a'));
  expect(await read('a', { isFollowing: false })).toMatchObject({ phase: 'running' });
  expect(reads()).toBe(4);
});
