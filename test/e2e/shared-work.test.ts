import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { VideoClientError } from '../../src/client.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase } from './harness.ts';

const run = promisify(execFile);
const startMany = fileURLToPath(new URL('equal-starts.ts', import.meta.url));

test('1,000 equal requests from four processes at once send one POST: one is started, the others are joined or cached', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const request = playing('dl-ok');
  const args = [harness.address, harness.namespace, JSON.stringify(request), '250'];
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () =>
      run(process.execPath, ['--import', 'tsx', startMany, ...args], { timeout: 120_000 }),
    ),
  );
  const counts = outputs.map(({ stdout }) => JSON.parse(stdout) as Record<string, number>);
  const total = (outcome: string) => counts.reduce((sum, count) => sum + (count[outcome] ?? 0), 0);
  expect(total('started')).toBe(1);
  expect(total('joined') + total('cached')).toBe(999);
  const { videoId } = await harness.client.start(request);
  await untilPhase(harness, videoId, ['stored']);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
});

test('when one of three waiters cancels, the others get their video; the last one to leave stops it', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const ask = (scenario: string, waiterId: string) =>
    harness.client.start(playing(scenario), { waiterId });
  const { videoId } = await ask('dl-ok', 'anna');
  await ask('dl-ok', 'ben');
  expect(await harness.client.cancel(videoId, { waiterId: 'anna' })).toEqual({
    outcome: 'left',
    others: 1,
  });
  expect(await harness.client.cancel(videoId, { waiterId: 'carl' })).toEqual({
    outcome: 'not_waiting',
    others: 1,
  });
  expect((await harness.client.wait(videoId)).outcome).toBe('stored');

  const endless = await ask('poll-never-finishes', 'anna');
  await ask('poll-never-finishes', 'ben');
  await untilPhase(harness, endless.videoId, ['queued', 'running']);
  await harness.client.cancel(endless.videoId, { waiterId: 'anna' });
  expect(await harness.client.cancel(endless.videoId, { waiterId: 'ben' })).toEqual({
    outcome: 'cancelling',
  });
  expect((await harness.client.wait(endless.videoId)).outcome).toBe('cancelled');
});

test.each([
  ['the last waiter has left', { waiterId: 'anna' }],
  ['the run was cancelled for all waiters', {}],
])('a caller that joins after %s gets the video, paid for once', async (_, cancel) => {
  await using harness = await createHarness();
  await harness.startWorker();
  const ask = (waiterId: string) =>
    harness.client.start(playing('submit-slow'), { key: 'late', waiterId });
  const { videoId } = await ask('anna');
  await until('the POST', () => harness.gateway.ledger.posts.length === 1);
  expect(await harness.client.cancel(videoId, cancel)).toEqual({ outcome: 'cancelling' });
  expect(await ask('ben')).toMatchObject({ outcome: 'joined' });
  expect((await harness.client.wait(videoId)).outcome).toBe('stored');
  expect(harness.gateway.ledger.posts).toHaveLength(1);
});

test('a caller whose start returns "joined" or "started" while another leaves gets the video', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const videos = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      harness.client.start(playing('dl-ok'), { key: `race-${index}`, waiterId: 'anna' }),
    ),
  );
  const endings = await Promise.all(
    videos.map(async ({ videoId }, index) => {
      const key = `race-${index}`;
      await delay((index % 20) * 100);
      const join = async () => {
        await delay((index % 7) * 15);
        return harness.client.start(playing('dl-ok'), { key, waiterId: 'ben' });
      };
      const [, joined] = await Promise.all([
        harness.client.cancel(videoId, { waiterId: 'anna' }),
        join().catch((error: unknown) => error as VideoClientError),
      ]);
      // Of a run that had ended before, it is said that it may be billed.
      if (joined instanceof Error) {
        return joined.kind === 'may_be_billed' ? joined.kind : { key, refused: String(joined) };
      }
      const end = await harness.client.wait(videoId);
      return end.outcome === 'stored' ? end.outcome : { key, told: joined.outcome, end };
    }),
  );
  expect(endings.filter((end) => typeof end !== 'string')).toEqual([]);
  expect(endings).toContain('stored');
  expect(harness.gateway.ledger.posts.length).toBeLessThanOrEqual(40);
}, 180_000);
