import { expect, test } from 'vitest';
import { createHarness, type Harness } from './harness.ts';
import { fetchEvents } from './history.ts';
import { astronaut, playing } from './requests.ts';

/** Status requests that arrived at the gateway after the activity `storeVideo` was scheduled. */
async function requestsOfDelivery(harness: Harness, videoId: string): Promise<number> {
  const events = await fetchEvents(harness, videoId);
  const scheduled = events.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'storeVideo',
  );
  if (!scheduled?.eventTime) throw new Error('The delivery was not scheduled');
  const { seconds, nanos } = scheduled.eventTime;
  const from = Number(seconds) * 1_000 + (nanos ?? 0) / 1e6;
  return harness.gateway.ledger.statusRequests.filter(({ at }) => at > from).length;
}

test.each([
  ['generations', astronaut],
  ['videos', playing('dl-ok', 'videos')],
])('a delivery of the %s route sends no status request', async (_route, request) => {
  await using harness = await createHarness();
  await harness.startWorker();
  const { videoId } = await harness.client.start(request);
  expect((await harness.client.wait(videoId)).outcome).toBe('stored');
  expect(await requestsOfDelivery(harness, videoId)).toBe(0);
});

test('a delivery in another process than the polls requests the addresses, and stores the video', async () => {
  await using harness = await createHarness();
  await harness.startWorker({ WORKER_QUEUES: 'workflows,submit,poll' });
  await harness.startWorker({ WORKER_QUEUES: 'download' });
  const { videoId } = await harness.client.start(astronaut);
  expect((await harness.client.wait(videoId)).outcome).toBe('stored');
  expect(await requestsOfDelivery(harness, videoId)).toBe(1);
});
