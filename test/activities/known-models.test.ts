import { describe, expect, test } from 'vitest';
import { createKnownModels } from '../../src/activities/submit/check-model.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { closedPort } from '../fakes/wire-server.ts';

const minuteMs = 60_000;

/** What a worker knows of the models of a sandbox gateway, asked over HTTP, on a clock of the test's own. */
async function stageOf(scenario = '') {
  const sandbox = await startSandboxGateway({ scenario });
  const gateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  let nowMs = 0;
  const known = createKnownModels({
    gateway: {
      listModels: (options) => gateway.listModels({ ...options, timeoutMs: 1_000 }),
    },
    now: () => nowMs,
  });
  return {
    isUnknown: (model: string) =>
      activityHarness().run(async () => (await known.listWithout(model)) !== null, undefined),
    setScenario: async (text: string) => {
      const body = JSON.stringify({ scenario: text });
      const answer = await fetch(`${sandbox.url}/sandbox/scenario`, { method: 'POST', body });
      expect(answer.ok).toBe(true);
    },
    reads: () => sandbox.ledger.otherRequests.filter(({ path }) => path === '/v1/models').length,
    later: (ms: number) => {
      nowMs += ms;
    },
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
}

describe('of the models that the gateway lists for the API key', () => {
  test('those in the list are known, byte for byte, and any other is not', async () => {
    await using harness = await stageOf();
    const names = ['kling-v1', 'SD2.5 720P', 'Seedance-2.5-720p官方版', 'kling-v11', 'sd2.5 720p'];
    const unknown = await Promise.all(names.map(harness.isUnknown));
    expect(unknown).toEqual([false, false, false, true, true]);
  });

  test('one reading serves all that are asked about at once, and all known ones for a day', async () => {
    await using harness = await stageOf();
    await Promise.all(Array.from({ length: 50 }, (_, nth) => harness.isUnknown(`kling-v${nth}`)));
    harness.later(23 * 60 * minuteMs);
    await harness.isUnknown('sora-2');
    expect(harness.reads()).toBe(1);
  });

  test('the list is read again for a model that it lacks: a new one is known at once', async () => {
    await using harness = await stageOf('models-list=limited');
    expect(await harness.isUnknown('kling-v1')).toBe(true);
    await harness.setScenario('');
    harness.later(minuteMs);
    expect(await harness.isUnknown('kling-v1')).toBe(false);
    expect(harness.reads()).toBe(2);
  });

  test('many rows with the same wrong model do not read it again and again', async () => {
    await using harness = await stageOf();
    for (let row = 0; row < 20; row += 1) expect(await harness.isUnknown('klign-v1')).toBe(true);
    expect(harness.reads()).toBe(1);
  });

  test('one that was listed lately stays known: its channels may be switched off for now', async () => {
    await using harness = await stageOf();
    expect(await harness.isUnknown('kling-v1')).toBe(false);
    await harness.setScenario('models-list=limited');
    harness.later(60 * minuteMs);
    expect(await harness.isUnknown('klign-v1')).toBe(true);
    expect(await harness.isUnknown('kling-v1')).toBe(false);
    harness.later(24 * 60 * minuteMs);
    expect(await harness.isUnknown('kling-v1')).toBe(true);
  });
});

describe('where the list cannot be had', () => {
  test.each(['401', '404', '429', '500', 'html', 'failed', 'empty', 'hang'])(
    'no model is unknown, and the next submits do not ask for it again: %s',
    async (variant) => {
      await using harness = await stageOf(`models-list=${variant}`);
      expect(await harness.isUnknown('klign-v1')).toBe(false);
      expect(await harness.isUnknown('klign-v2')).toBe(false);
      expect(harness.reads()).toBe(1);
    },
  );

  test('it is asked for again after minutes', async () => {
    await using harness = await stageOf('models-list=500');
    expect(await harness.isUnknown('klign-v1')).toBe(false);
    await harness.setScenario('');
    harness.later(10 * minuteMs);
    expect(await harness.isUnknown('klign-v1')).toBe(true);
  });

  test('an earlier list does not stand in for it', async () => {
    await using harness = await stageOf();
    expect(await harness.isUnknown('klign-v1')).toBe(true);
    await harness.setScenario('models-list=500');
    harness.later(minuteMs);
    expect(await harness.isUnknown('klign-v1')).toBe(false);
  });

  test('no model is unknown where no gateway answers', async () => {
    const baseUrl = `http://127.0.0.1:${await closedPort()}`;
    const known = createKnownModels({ gateway: createGateway({ baseUrl, apiKey: 'sk-test' }) });
    const listed = await activityHarness().run(() => known.listWithout('klign-v1'), undefined);
    expect(listed).toBe(null);
  });
});
