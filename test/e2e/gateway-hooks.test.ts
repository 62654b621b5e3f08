import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { leaksOf, placesOf } from './canary.ts';
import { createHarness, until, type Harness } from './harness.ts';
import { fetchEvents } from './history.ts';

/** So slow that only an event makes a poll within a test. */
const rarely = { POLL_SPEED: '0.01' };

/** A request of a model whose callbacks the host makes. */
function veo(scenario = 'callback-twice=1'): VideoRequest {
  const prompt = `[sandbox: ${scenario}] a cat`;
  return { format: 'videos', body: { model: 'veo-3.1', prompt, duration: 8 } };
}

/** A gateway with plugins, and the settings of a worker that receives its callbacks. */
async function hooksHarness() {
  const harness = await createHarness({ generation: 'plugins' });
  const port = String(await findFreePort());
  const HOOKS_PUBLIC_URL = `http://127.0.0.1:${port}`;
  return {
    harness,
    asking: { HOOKS_PUBLIC_URL },
    receiving: { HOOKS_PORT: port, HOOKS_PUBLIC_URL },
  };
}

async function storedOf({ client }: Harness, videoId: string) {
  const outcome = await client.wait(videoId, { timeoutMs: 90_000 });
  expect(outcome.outcome).toBe('stored');
}

/** How many callbacks were signals. A poll that waits for its time is started instead. */
async function signalsOf(harness: Harness, videoId: string): Promise<number> {
  const events = await fetchEvents(harness, videoId);
  return events.filter(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'videoJobEvent',
  ).length;
}

describe('a callback of the gateway', () => {
  test('delivers the video long before the schedule would have polled, and leaves no secret', async () => {
    const { harness: kept, receiving } = await hooksHarness();
    await using harness = kept;
    await harness.startWorker({ ...rarely, ...receiving, LOG_LEVEL: 'debug' });
    const { videoId } = await harness.client.start(veo());
    await storedOf(harness, videoId);
    const { posts, paidJobs, callbacks } = harness.gateway.ledger;
    const callbackUrl = `${receiving.HOOKS_PUBLIC_URL}/hooks/gateway`;
    expect(posts.map(({ body }) => body)).toEqual([{ ...veo().body, callback_url: callbackUrl }]);
    expect(paidJobs).toHaveLength(1);
    await until('the response to the callback', () => callbacks.at(-1)?.status === 202);
    expect(await signalsOf(harness, videoId)).toBeLessThanOrEqual(1);
    const secrets = [harness.gateway.apiKey, 'signature=', 'sha256=', 'callback.mp4', callbackUrl];
    const { read, leaking } = await leaksOf(placesOf(harness), secrets);
    expect(read).toBeGreaterThan(2);
    expect(leaking).toEqual([]);
  });

  test('that another worker receives than the one that polls wakes the run', async () => {
    const { harness: kept, asking, receiving } = await hooksHarness();
    await using harness = kept;
    await harness.startWorker({ ...rarely, ...asking });
    const { videoId } = await harness.client.start(veo());
    const { callbacks } = harness.gateway.ledger;
    await until('a try that nothing received', () => callbacks.some(({ status }) => status === 0));
    await harness.startWorker({ ...rarely, ...receiving, WORKER_QUEUES: 'workflows' });
    await storedOf(harness, videoId);
    await until('a response', () => callbacks.at(-1)?.status === 202);
    expect(harness.gateway.ledger.paidJobs).toHaveLength(1);
  });

  test('that is delivered twice at once wakes the run once', async () => {
    const { harness: kept, receiving } = await hooksHarness();
    await using harness = kept;
    await harness.startWorker({ ...rarely, ...receiving });
    const { videoId } = await harness.client.start(veo('callback-twice'));
    await storedOf(harness, videoId);
    const { callbacks } = harness.gateway.ledger;
    await until(
      'both responses',
      () => callbacks.filter(({ status }) => status === 202).length === 2,
    );
    expect(await signalsOf(harness, videoId)).toBeLessThanOrEqual(1);
  });

  test('that comes after the video was stored is accepted and changes nothing', async () => {
    const { harness: kept, receiving } = await hooksHarness();
    await using harness = kept;
    await harness.startWorker(receiving);
    const { videoId } = await harness.client.start(veo('callback-late=200'));
    await storedOf(harness, videoId);
    const { callbacks } = harness.gateway.ledger;
    await until('the late callback', () => callbacks.at(-1)?.status === 202);
    expect(await signalsOf(harness, videoId)).toBe(0);
  });
});

describe('a sender of many events', () => {
  test('about progress wakes nothing before the end', async () => {
    const { harness: kept, receiving } = await hooksHarness();
    await using harness = kept;
    await harness.startWorker({ ...rarely, ...receiving });
    const { videoId } = await harness.client.start(veo('callback-chatty'));
    await storedOf(harness, videoId);
    expect(harness.gateway.ledger.callbacks.length).toBeGreaterThan(50);
    expect(await signalsOf(harness, videoId)).toBeLessThanOrEqual(1);
  });

  test('that all claim the end costs at most one poll per beat of 15 s', async () => {
    const { harness: kept, receiving } = await hooksHarness();
    await using harness = kept;
    await harness.startWorker({ POLL_SPEED: '1', ...receiving });
    const startedAt = Date.now();
    const { videoId } = await harness.client.start(veo('callback-chatty=final:5'));
    await storedOf(harness, videoId);
    const beats = Math.ceil((Date.now() - startedAt) / 15_000);
    const { statusRequests, callbacks } = harness.gateway.ledger;
    expect(callbacks.length).toBeGreaterThan(10);
    expect(await signalsOf(harness, videoId)).toBeLessThanOrEqual(beats);
    const polls = statusRequests.filter(({ path }) => path.startsWith('/v1/videos/'));
    expect(polls.length).toBeGreaterThan(0);
    expect(polls.length).toBeLessThanOrEqual(beats);
  });
});

describe('without a usable callback', () => {
  test.each(['callback-never', 'callback-forged', 'callback-forged=old'])(
    '%s: polling delivers the video',
    async (scenario) => {
      const { harness: kept, receiving } = await hooksHarness();
      await using harness = kept;
      await harness.startWorker(receiving);
      const { videoId } = await harness.client.start(veo(scenario));
      await storedOf(harness, videoId);
      const { callbacks, paidJobs } = harness.gateway.ledger;
      if (scenario !== 'callback-never') {
        await until('a response', () => callbacks.some(({ status }) => status !== 0));
      }
      expect(callbacks.filter(({ status }) => status !== 0 && status !== 401)).toEqual([]);
      expect(await signalsOf(harness, videoId)).toBe(0);
      expect(paidJobs).toHaveLength(1);
    },
  );

  test.each(['callback-refused', 'callback-refused=plugin'])(
    '%s: the submit is repeated without it, and one POST is paid',
    async (scenario) => {
      const { harness: kept, receiving } = await hooksHarness();
      await using harness = kept;
      await harness.startWorker(receiving);
      const first = await harness.client.start(veo(scenario));
      await storedOf(harness, first.videoId);
      const { posts, paidJobs } = harness.gateway.ledger;
      expect(posts.map(({ body }) => body?.['callback_url'] !== undefined)).toEqual([true, false]);
      expect(paidJobs).toHaveLength(1);
      const second = await harness.client.start(veo(scenario), { key: 'second' });
      await storedOf(harness, second.videoId);
      expect(posts).toHaveLength(3);
      expect(paidJobs).toHaveLength(2);
    },
  );
});

test('callbacks for unknown jobs and from strangers change nothing', async () => {
  const { harness: kept, receiving } = await hooksHarness();
  await using harness = kept;
  await harness.startWorker(receiving);
  const raw = JSON.stringify({
    type: 'video.completed',
    data: { task_id: 'task_of_another_account' },
  });
  const stamp = Math.floor(Date.now() / 1_000);
  const post = async (key: string) => {
    const hex = createHmac('sha256', key).update(`${stamp}.${raw}`).digest('hex');
    const headers = { 'x-newapi-timestamp': `${stamp}`, 'x-newapi-signature': `sha256=${hex}` };
    const url = `${receiving.HOOKS_PUBLIC_URL}/hooks/gateway`;
    const response = await fetch(url, { method: 'POST', headers, body: raw });
    return [response.status, await response.text()];
  };
  expect(await post(harness.gateway.apiKey)).toEqual([404, '']);
  expect(await post('sk-of-somebody-else')).toEqual([401, '']);
  expect(await harness.client.list()).toEqual([]);
});
