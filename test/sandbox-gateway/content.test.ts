import { expect, test } from 'vitest';
import { createJob, finishedJob, pollRow, rawGet } from './sandbox-client.ts';

test('/content is anonymous, redirects to the media origin, and is 404 before the end', async () => {
  const { gateway, id, url } = await finishedJob();
  await using _ = gateway;
  const running = await createJob(gateway);

  const done = await rawGet(`${gateway.url}/v1/videos/${id}/content`);
  const early = await rawGet(`${gateway.url}/v1/videos/${running}/content`);

  expect([done.status, done.headers.location, done.headers['cache-control']]).toEqual([
    307,
    url,
    'no-store',
  ]);
  expect([early.status, early.body.toString()]).toEqual([
    404,
    expect.stringContaining('media_not_found'),
  ]);
  expect(gateway.ledger.contentRequests.map((seen) => seen.jobId)).toEqual([id, running]);
});

test.each<[scenario: string, status: number]>([
  ['dl-307-strict', 307],
  ['dl-302-signed', 302],
  ['dl-redirect-loop', 302],
  ['dl-redirect-private', 307],
  ['dl-redirect-scheme', 307],
  ['dl-401-needs-key', 401],
  ['dl-404-early', 404],
  ['dl-400-early', 400],
  ['dl-gone', 410],
  ['dl-json-url', 200],
  ['dl-json-error', 200],
  ['dl-5xx', 502],
  ['dl-429-ip', 429],
  ['dl-403-blocked', 403],
  ['dl-400-failure', 400],
  ['dl-own-url-loop', 502],
  ['dl-channel-deleted', 500],
])('%s makes /content the first result address, which answers %i', async (scenario, status) => {
  const { gateway, id, url } = await finishedJob(scenario);
  await using _ = gateway;

  expect(url).toBe(`${gateway.url}/v1/videos/${id}/content`);
  expect((await rawGet(url)).status).toBe(status);
});

test.each(['dl-json-error', 'dl-5xx', 'dl-403-blocked'])(
  '%s leaves a good address behind the bad one',
  async (scenario) => {
    const { gateway, videoUrl } = await finishedJob(scenario);
    await using _ = gateway;

    expect((await rawGet(videoUrl)).status).toBe(200);
  },
);

test('dl-400-failure takes the success back once it has said so', async () => {
  const { gateway, id, url } = await finishedJob('dl-400-failure');
  await using _ = gateway;

  const before = (await pollRow(gateway, id))['status'];
  await rawGet(url);

  expect([before, (await pollRow(gateway, id))['status']]).toEqual(['SUCCESS', 'FAILURE']);
});
