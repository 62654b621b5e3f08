import { expect, test } from 'vitest';
import { onetakeJson } from './onetake.ts';
import { createHarness, untilPhase } from './harness.ts';

test('a cap in money prices each resolution as the gateway does, and refuses the video that would exceed it', async () => {
  await using harness = await createHarness({ generation: 'plugins', speed: 100 });
  await harness.startWorker({ GATEWAY_ACCESS_TOKEN: harness.gateway.accessToken });
  const limits = ['limits', 'set', '--money-per-day', '16'];
  expect(await onetakeJson(harness, limits)).toMatchObject({ code: 0 });
  const start = async (resolution: string, prompt: string) => {
    const body = { model: 'SD2.5', prompt, duration: 5, ratio: '16:9', resolution };
    const { videoId } = await harness.client.start({ format: 'generations', body });
    await untilPhase(harness, videoId, ['queued', 'running', 'delivering', 'stored', 'failed']);
    return videoId;
  };

  // 2.25 + 8 + 4.75 leaves 1.
  await start('480p', 'a kite');
  await start('1080p', 'a kite');
  await start('720p', 'a kite');
  const refused = await harness.client.wait(await start('480p', 'another kite'));

  const made = harness.gateway.ledger.paidJobs.map(({ made: video, price }) => [
    video?.resolution,
    price / 500_000,
  ]);
  expect(made).toEqual([
    ['480p', 2.25],
    ['1080p', 8],
    ['720p', 4.75],
  ]);
  expect(refused).toMatchObject({
    outcome: 'failed',
    failure: {
      kind: 'cap_exceeded',
      billed: 'no',
      message: expect.stringContaining('16 money, 15 spent or reserved, 2.25 more asked for'),
    },
  });
}, 120_000);
