import { expect, test } from 'vitest';
import { createJob, poll, pollBody, pollRow, pollTimes, startWithClock } from './sandbox-client.ts';

test.each<[scenario: string, statuses: number[]]>([
  ['poll-not-exist-late=2', [200, 400, 400, 200]],
  ['poll-401-mid=2', [401, 401, 200]],
])('%s is the same for a job whose first poll comes after its end', async (scenario, statuses) => {
  const { gateway, advance } = await startWithClock({ scenario });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(500);

  const seen = await pollTimes(statuses.length, async () => (await poll(gateway, id)).status);

  expect(seen).toEqual(statuses);
});

test('poll-not-exist-late says in its first poll that the job runs, however late it comes', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-not-exist-late=1' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(500);

  const seen = await pollTimes(3, async () => (await pollBody(gateway, id))['status']);

  expect(seen).toEqual(['in_progress', undefined, 'completed']);
});

test('poll-one-route answers as usual on the other route', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-one-route' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  expect((await pollRow(gateway, id))['status']).toBe('SUCCESS');
});

test('poll-no-word has progress and no status word, on both routes', async () => {
  const { gateway } = await startWithClock({ scenario: 'poll-no-word' });
  await using _ = gateway;
  const id = await createJob(gateway);

  const video = await pollBody(gateway, id);
  const row = await pollRow(gateway, id);

  expect([video['progress'], row['progress']]).toEqual([30, '30%']);
  expect([video, row].filter((body) => 'status' in body)).toEqual([]);
});
