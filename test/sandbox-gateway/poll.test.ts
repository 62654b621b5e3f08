import { expect, test } from 'vitest';
import {
  create,
  createJob,
  json,
  klingBody,
  poll,
  pollBody,
  pollRow,
  pollTimes,
  startWithClock,
} from './sandbox-client.ts';

test.each<[scenario: string, atSeconds: number, statuses: unknown[]]>([
  ['poll-unknown-n=2', 120, ['unknown', 'unknown', 'completed']],
  ['poll-word-new=1', 60, ['reviewing', 'in_progress', 'in_progress']],
  ['poll-word=in-progress', 60, ['in-progress', 'in-progress', 'in-progress']],
  ['poll-word=DONE', 120, ['DONE', 'DONE', 'DONE']],
  ['poll-word=Expired', 120, ['Expired', 'Expired', 'Expired']],
  ['poll-archiving=2', 120, ['in_progress', 'in_progress', 'completed']],
  ['poll-backwards', 120, ['in_progress', 'unknown', 'queued']],
  ['poll-cancelled=expired', 120, ['expired', 'expired', 'expired']],
  ['poll-status-less=mystery', 120, ['mystery', 'mystery', 'mystery']],
  ['poll-status-less=bare', 120, [undefined, undefined, undefined]],
  ['poll-stale-sora', 500, ['in_progress', 'in_progress', 'in_progress']],
  ['poll-never-finishes', 5000, ['in_progress', 'in_progress', 'in_progress']],
  ['poll-frozen', 5000, ['unknown', 'unknown', 'unknown']],
  ['poll-frozen=QUEUED', 5000, ['queued', 'queued', 'queued']],
  ['poll-gateway-timeout', 120, ['failed', 'failed', 'failed']],
  ['poll-bare-rc30', 120, ['SUCCESS', 'SUCCESS', 'SUCCESS']],
  ['poll-no-word=2', 500, [undefined, undefined, 'completed']],
])('%s shows its words on the videos route', async (scenario, atSeconds, statuses) => {
  const { gateway, advance } = await startWithClock({ scenario });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(atSeconds);

  expect(await pollTimes(3, async () => (await pollBody(gateway, id))['status'])).toEqual(statuses);
});

test.each<[scenario: string, status: unknown]>([
  ['poll-stale-sora', 'FAILURE'],
  ['poll-stale-sora=success', 'SUCCESS'],
  ['poll-status-less', 'FAILURE'],
  ['poll-failed-no-error', 'FAILURE'],
  ['poll-cancelled', 'FAILURE'],
  ['poll-bare-rc30', 'SUCCESS'],
])('%s shows the verdict on the generations route', async (scenario, status) => {
  const { gateway, advance } = await startWithClock({ scenario });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  expect((await pollRow(gateway, id))['status']).toBe(status);
});

test.each<[scenario: string, statuses: (number | string)[]]>([
  ['poll-not-exist-first=2', [400, 400, 200]],
  ['poll-not-exist-late', [200, 400, 400, 200]],
  ['poll-429-empty', [429, 200]],
  ['poll-html=524', [524, 200]],
  ['poll-html=200', [200, 200]],
  ['poll-5xx-json=501', [501, 200]],
  ['poll-401-mid=2', [401, 401, 200]],
  ['poll-drop', ['broken', 200]],
  ['poll-cut-json', [200, 200]],
  ['poll-slow', [200]],
  ['poll-one-route', [500, 500, 500]],
  ['poll-one-route=html', [200, 200, 200]],
  ['poll-one-route=generations', [200, 200, 200]],
  ['poll-key-exhausted=2', [403, 403, 200]],
  ['poll-key-exhausted=401', [401, 401]],
  ['poll-key-spent=2', [401, 401, 200]],
])('%s answers in turn', async (scenario, statuses) => {
  const { gateway } = await startWithClock({ scenario, speed: 1000 });
  await using _ = gateway;
  const id = await createJob(gateway);

  const seen = await pollTimes(statuses.length, async () =>
    poll(gateway, id).then(
      (reply) => reply.status,
      () => 'broken',
    ),
  );

  expect(seen).toEqual(statuses);
  expect(gateway.ledger.statusRequests).toHaveLength(statuses.length);
});

test('poll-progress shows odd figures and never an end', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-progress' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  const seen = await pollTimes(9, async () => pollBody(gateway, id));

  expect(seen.map((body) => body['progress'])).toEqual([
    10,
    50,
    20,
    '30%',
    '',
    null,
    0.5,
    100,
    100,
  ]);
  expect(seen.map((body) => body['status']).lastIndexOf('in_progress')).toBe(7);
});

test.each([
  ['url', (body: Record<string, unknown>) => body['url']],
  ['metadata.url', (body: Record<string, unknown>) => (body['metadata'] as { url: string }).url],
  [
    'content.0.video_url.url',
    (body: Record<string, unknown>) =>
      (body['content'] as [{ video_url: { url: string } }])[0].video_url.url,
  ],
  ['results.0', (body: Record<string, unknown>) => (body['results'] as string[])[0]],
])('poll-url-place=%s leaves one address', async (place, find) => {
  const { gateway, advance } = await startWithClock({ scenario: `poll-url-place=${place}` });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  const text = await (await poll(gateway, id)).text();

  expect(text.match(/http:/g)).toHaveLength(1);
  expect(find(JSON.parse(text) as Record<string, unknown>)).toMatch(/^http:.*X-Amz-Signature/);
});

test('poll-completed-no-url hides the result for N polls, /content too', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-completed-no-url=1' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);
  const content = async (): Promise<number> =>
    (await fetch(`${gateway.url}/v1/videos/${id}/content`, { redirect: 'manual' })).status;

  const before = await content();
  const first = await pollBody(gateway, id);
  const second = await pollBody(gateway, id);

  expect([first['status'], first['url'], before]).toEqual(['completed', undefined, 404]);
  expect([typeof second['url'], await content()]).toEqual(['string', 307]);
});

test('poll-content-only names no address but the proxy on localhost', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-content-only' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  expect(JSON.stringify(await pollBody(gateway, id))).not.toContain('http');
  expect((await pollRow(gateway, id))['result_url']).toBe(
    `http://localhost:3000/v1/videos/${id}/content`,
  );
});

test('poll-gemini-flip changes the shape at the end', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-gemini-flip' });
  await using _ = gateway;
  const id = await createJob(gateway);

  const running = await pollRow(gateway, id);
  advance(120);

  expect([running['status'], running['format']]).toEqual(['processing', 'mp4']);
  expect((await pollRow(gateway, id))['status']).toBe('SUCCESS');
});

test('poll-gemini-failed puts the reason into url and nowhere else', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-gemini-failed' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  expect(await pollRow(gateway, id)).toMatchObject({
    error: null,
    url: 'The prompt could not be submitted.',
  });
  expect(await pollBody(gateway, id)).not.toHaveProperty('error');
});

test('a false failure is refunded and turns out to be a success', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-false-failure' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(60);
  const failed = (await pollRow(gateway, id))['status'];
  advance(300);

  expect([failed, (await pollRow(gateway, id))['status']]).toEqual(['FAILURE', 'SUCCESS']);
  expect(gateway.ledger.paidJobs[0]?.refunded).toBe(true);
});

test('poll-huge-raw and poll-data-url carry megabytes', async () => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  const prompt = '[sandbox: poll-data-url=1] x';
  const id = await createJob(gateway, { ...klingBody, prompt });
  const huge = await createJob(gateway, { ...klingBody, prompt: '[sandbox: poll-huge-raw=1] x' });
  advance(120);

  const { url } = await pollBody(gateway, id);
  const raw = await (await poll(gateway, huge, 'video/generations')).text();

  expect(String(url).slice(0, 23)).toBe('data:video/mp4;base64,A');
  expect(raw.length).toBeGreaterThan(1_000_000);
});

test('a scenario of the job wins over the run, a header wins over both', async () => {
  const { gateway } = await startWithClock({ scenario: 'poll-word-new=forever' });
  await using _ = gateway;
  const prompt = '[sandbox: poll-unknown-n=forever] x';
  const { id } = await json(await create(gateway, { ...klingBody, prompt }));
  const plain = await createJob(gateway);
  const headers = {
    authorization: `Bearer ${gateway.apiKey}`,
    'x-sandbox-scenario': 'poll-429-empty',
  };

  const withHeader = await fetch(`${gateway.url}/v1/videos/${String(id)}`, { headers });

  expect((await pollBody(gateway, String(id)))['status']).toBe('unknown');
  expect((await pollBody(gateway, plain))['status']).toBe('reviewing');
  expect(withHeader.status).toBe(429);
});
