import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { fetchEvents, recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, type Harness } from './harness.ts';

async function deliver(harness: Harness, request: VideoRequest) {
  await harness.startWorker();
  const { videoId } = await harness.client.start(request);
  const outcome = await harness.client.wait(videoId);
  if (outcome.outcome !== 'stored') throw new Error(`Not stored: ${JSON.stringify(outcome)}`);
  return { videoId, ...outcome.result };
}

/** Whatever the job does: polls add none. Measured: 35. */
const mostEvents = 40;

describe('a video', () => {
  test.each([
    ['generations', astronaut],
    ['videos', playing('dl-ok', 'videos')],
  ])('of the %s route is paid once, delivered and verified', async (name, request) => {
    await using harness = await createHarness();
    const { videoId, video } = await deliver(harness, request);
    const bytes = await readFile(fileURLToPath(video.uri));
    const { posts, paidJobs } = harness.gateway.ledger;
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(video.sha256);
    expect(bytes.length).toBe(video.sizeBytes);
    expect(paidJobs).toHaveLength(1);
    expect(posts.map((post) => post.body)).toEqual([request.body]);
    const events = await fetchEvents(harness, videoId);
    expect(events.length).toBeLessThanOrEqual(mostEvents);
    await recordHistory(harness, videoId, `lean-stored-${name}`);
  });

  test('that is requested again is cached, or joins the open run: one POST', async () => {
    await using harness = await createHarness();
    const first = await harness.client.start(astronaut);
    const joined = await harness.client.start(astronaut);
    await harness.startWorker();
    await harness.client.wait(first.videoId);
    const cached = await harness.client.start(astronaut);
    expect([first.outcome, joined.outcome, cached.outcome]).toEqual([
      'started',
      'joined',
      'cached',
    ]);
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('under the key of another request is refused', async () => {
    await using harness = await createHarness();
    await harness.client.start(astronaut, { key: 'mine' });
    const other = harness.client.start(playing('dl-ok'), { key: 'mine' });
    await expect(other).rejects.toMatchObject({ kind: 'key_conflict' });
  });
});
