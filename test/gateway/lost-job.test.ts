import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';

const timeoutMs = 5_000;
const body = { model: 'kling-v1', prompt: 'a cat', size: '1280x720', duration: 5 };

/** A submit whose answer is lost in the sandbox, and the window it was sent in. */
async function loseJob(scenario: string) {
  const sandbox = await startSandboxGateway({ scenario, speed: 1_000 });
  const gateway = clientOf(sandbox);
  const fromMs = Date.now();
  const submitted = gateway.submit({ format: 'videos', body }, { timeoutMs });
  await expect(submitted).rejects.toMatchObject({ submitOutcome: 'unknown' });
  return { sandbox, gateway, window: { fromMs, toMs: Date.now() } };
}

function clientOf({ url, apiKey, accessToken }: SandboxGateway): Gateway {
  return createGateway({ baseUrl: url, apiKey, accessToken, userId: '1' });
}

test.each([
  'submit-drop-after-body',
  'submit-504-after-accept=html',
  'submit-cdn-html=524',
  'submit-settlement-failed',
  'submit-200-html',
  'submit-200-cut-json',
  'submit-200-no-id',
])('the job that %s lost is found by its window, and its id can be polled', async (scenario) => {
  const { sandbox, gateway, window } = await loseJob(scenario);
  await using _ = sandbox;

  const found = await gateway.findOwnJobs(window, { timeoutMs });

  const jobId = sandbox.ledger.paidJobs[0]?.jobId ?? '';
  expect(found).toMatchObject([{ jobId, model: 'kling-v1' }]);
  expect(found[0]).not.toHaveProperty('prompt');
  await gateway.status({ format: 'videos', jobId }, { timeoutMs });
});

test.each(['submit-reset-early', 'submit-insert-failed', 'submit-do-request-failed'])(
  'after %s there is nothing to find',
  async (scenario) => {
    const { sandbox, gateway, window } = await loseJob(scenario);
    await using _ = sandbox;
    expect(await gateway.findOwnJobs(window, { timeoutMs })).toEqual([]);
  },
);

test('where the gateway keeps prompts, they come back word by word', async () => {
  const { sandbox, gateway, window } = await loseJob('submit-200-empty, reconcile=prompt');
  await using _ = sandbox;
  const found = await gateway.findOwnJobs(window, { timeoutMs });
  expect(found).toMatchObject([{ prompt: 'a cat' }]);
});

test.each(['reconcile-api-key', 'reconcile-api-key=401'])(
  'with %s the search has no access, although the job is there',
  async (scenario) => {
    const { sandbox, gateway, window } = await loseJob(`submit-200-empty, ${scenario}`);
    await using _ = sandbox;
    const search = gateway.findOwnJobs(window, { timeoutMs });
    await expect(search).rejects.toMatchObject({ kind: 'auth' });
  },
);

test('two hundred and thirty jobs of one window are found, each once', async () => {
  await using sandbox = await startSandboxGateway();
  const gateway = clientOf(sandbox);
  const fromMs = Date.now();
  for (let count = 0; count < 230; count += 1) {
    await gateway.submit({ format: 'videos', body }, { timeoutMs });
  }
  const found = await gateway.findOwnJobs({ fromMs, toMs: Date.now() }, { timeoutMs });
  expect(new Set(found.map(({ jobId }) => jobId)).size).toBe(230);
});

test.each<[scenario: string, delta: number]>([
  ['submit-500-empty=dead', 0],
  ['submit-500-empty', -70_000],
])('after %s the balance has changed by %s', async (scenario, delta) => {
  const { sandbox, gateway } = await loseJob(scenario);
  await using _ = sandbox;
  const { available } = await gateway.readBalance({ timeoutMs });
  expect((available ?? 0) - 500_000_000).toBe(delta);
});
