import { expect, test } from 'vitest';
import { startWireServer } from '../fakes/wire-server.ts';
import { startLossyProxy, type LossyMode } from '../support/lossy-proxy.ts';

const answered = '{"id":"video_1"}';

/** What a client without retries gets from one POST: status and body, or how it failed. */
async function post(url: string): Promise<string> {
  const sent = { method: 'POST', body: 'a cat' };
  const response = await fetch(`${url}/v1/videos?a=1`, sent).catch(() => null);
  if (response === null) return 'no response';
  return response.text().then(
    (body) => `${response.status} ${body}`,
    () => `${response.status}, then cut`,
  );
}

test.each<[LossyMode, number, string]>([
  ['pass', 1, `200 ${answered}`],
  ['drop-request', 0, 'no response'],
  ['drop-response', 1, 'no response'],
  ['cut-response', 1, '200, then cut'],
  ['answer-502', 1, '502 <h1>502</h1>'],
  ['answer-503', 1, '503 <h1>503</h1>'],
])(
  'in mode %s of a lossy proxy the server sees %i requests, and the client %s',
  async (...given) => {
    const [mode, arrived, outcome] = given;
    await using server = await startWireServer({ body: answered });
    await using proxy = await startLossyProxy(server.origin);
    proxy.play([mode]);
    expect(await post(proxy.url)).toBe(outcome);
    const seen = { method: 'POST', path: '/v1/videos?a=1' };
    expect(server.seen).toMatchObject(Array(arrived).fill({ ...seen, body: 'a cat' }));
    expect(proxy.requests).toMatchObject([{ ...seen, mode }]);
    expect(await post(proxy.url)).toBe(`200 ${answered}`);
  },
);

test('in mode no-response of a lossy proxy a client waits until it gives up, though the server has answered', async () => {
  await using server = await startWireServer({ body: answered });
  await using proxy = await startLossyProxy(server.origin);
  proxy.play(['no-response']);
  const gaveUp = new AbortController();
  const sent = { method: 'POST', body: 'a cat', signal: gaveUp.signal };
  const asked = fetch(proxy.url, sent).catch(() => 'gave up');
  await expect.poll(() => proxy.requests[0]?.status).toBe(200);
  gaveUp.abort();
  expect(await asked).toBe('gave up');
});
