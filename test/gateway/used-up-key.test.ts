import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { createUsedUpKey } from '../../src/gateway/account/used-up-key.ts';
import { startWireServer, type SeenRequest } from '../fakes/wire-server.ts';
import { bodyOf, wireSample } from './wire-samples.ts';

const options = { timeoutMs: 5_000 };
const job = { format: 'videos', jobId: 'task_1y7WM0WD2WQR0WVe5aHKh9f4xYFY2PDo' } as const;
const request: VideoRequest = { format: 'videos', body: { model: 'sora-2', prompt: 'a cat' } };

/** A gateway that refuses the key with the recorded bytes of a wrong one. */
async function refusing({ available, token }: { available: number; token?: string }) {
  const balance = { total_available: available, total_used: 1, unlimited_quota: false };
  const [wrong, log] = ['error-wrong-key-401', 'api-task-self-200'].map((name) =>
    bodyOf(wireSample(name)),
  );
  const answer = ({ path }: SeenRequest) => {
    if (path === '/api/usage/token/') return [200, JSON.stringify({ code: true, data: balance })];
    return path.startsWith('/api/task/self') ? [200, log] : [401, wrong];
  };
  const server = await startWireServer((seen, response) => {
    const [status, body] = answer(seen);
    response.writeHead(Number(status)).end(body);
  });
  const gateway = createGateway({
    baseUrl: server.origin,
    apiKey: 'sk-test',
    ...(token !== undefined && { accessToken: token }),
  });
  return { gateway, server };
}

describe('a refused key with a balance of 0', () => {
  test.each([
    ['submit', (gateway: Gateway) => gateway.submit(request, options)],
    ['status', (gateway: Gateway) => gateway.status(job, options)],
    ['models', (gateway: Gateway) => gateway.listModels(options)],
  ])('is kind quota for %s, and says what to do', async (operation, ask) => {
    const { gateway, server } = await refusing({ available: 0 });
    await using _ = server;
    const error: unknown = await ask(gateway).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: 'quota',
      httpStatus: 401,
      message: expect.stringMatching(/top up and re-enable the key$/),
      ...(operation === 'submit' && { submitOutcome: 'refused', billed: 'no' }),
      ...(operation === 'status' && { pause: true }),
    });
  });

  test('with an access token has state, price and address of its job in the task log', async () => {
    const { gateway, server } = await refusing({ available: 0, token: 'at-1' });
    await using _ = server;
    const status = await gateway.status(job, options);
    expect(status).toMatchObject({ state: 'succeeded', refusedKey: 'quota', quota: 200_000 });
    expect(status.resultUrls[0]).toMatch(/^http:\/\/127\.0\.0\.1:3998\/files\/sora\/video_/);
    expect(server.seen.at(-1)).toMatchObject({ headers: { authorization: 'at-1' } });
  });

  test('does not find the job of another account in the task log', async () => {
    const { gateway, server } = await refusing({ available: 0, token: 'at-1' });
    await using _ = server;
    const other = { ...job, jobId: 'task_other' };
    await expect(gateway.status(other, options)).rejects.toMatchObject({ kind: 'quota' });
  });
});

describe('a refused key with money on it', () => {
  test('is a wrong one', async () => {
    const { gateway, server } = await refusing({ available: 1 });
    await using _ = server;
    await expect(gateway.status(job, options)).rejects.toMatchObject({ kind: 'auth', pause: true });
  });
});

describe('the balance of a refused key', () => {
  const refused = new GatewayError('auth', 'No');
  const noLimit = () => Promise.resolve({ available: null, used: 0 });

  test('is read once in 10 minutes, however often the key is refused', async () => {
    let [reads, nowMs] = [0, 0];
    const balance = () => Promise.resolve({ available: (reads += 1) === 1 ? 0 : 5, used: 0 });
    const usedUp = createUsedUpKey(balance, () => nowMs);
    for (let count = 0; count < 50; count += 1) {
      nowMs += 11_000;
      expect(await usedUp.explain(refused, {})).toMatchObject({ kind: 'quota' });
    }
    expect(reads).toBe(1);
    nowMs += 120_000;
    expect(await usedUp.explain(refused, {})).toBe(refused);
    expect(reads).toBe(2);
  });

  test.each([
    ['cannot be read', () => Promise.reject(new GatewayError('rate_limited', 'Slow down'))],
    ['has no limit', noLimit],
  ])('that %s leaves the error as it is', async (_, balance) => {
    expect(await createUsedUpKey(balance).explain(refused, {})).toBe(refused);
  });

  test('is not read for any other error', async () => {
    const error = new GatewayError('gateway_unavailable', 'No answer');
    const usedUp = createUsedUpKey(() => expect.fail('read'));
    expect(await usedUp.explain(error, {})).toBe(error);
  });
});
