import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createJob, finishedJob, pollBody, rawGet, startWithClock } from './sandbox-client.ts';

test('the media origin serves the whole file with length, strong ETag and ranges', async () => {
  const { gateway, url } = await finishedJob();
  await using _ = gateway;

  const { status, headers, body } = await rawGet(url);
  const hash = createHash('sha256').update(body).digest('hex');

  expect([status, Number(headers['content-length']), headers['accept-ranges']]).toEqual([
    200,
    body.length,
    'bytes',
  ]);
  expect(headers.etag).toMatch(/^"[0-9a-f]{32}"$/);
  expect(body.toString('latin1', 4, 8)).toBe('ftyp');
  expect(url).toContain(hash);
});

test.each(['authorization', 'x-api-key'])(
  'the media origin refuses a request with %s',
  async (name) => {
    const { gateway, url } = await finishedJob();
    await using _ = gateway;

    const { status, body } = await rawGet(url, { [name]: 'Bearer sk-sandbox' });

    expect([status, body.toString()]).toEqual([
      400,
      expect.stringContaining('<Message>Only one auth mechanism allowed</Message>'),
    ]);
    expect(gateway.ledger.mediaRequests).toMatchObject([
      { status: 400, headers: { [name]: expect.any(String) } },
    ]);
  },
);

test.each([
  ['%2f', '%2F'],
  ['+', '%20'],
  ['%2b', '%2B'],
  ['X-Amz-Expires=86400', 'X-Amz-Expires=86401'],
])('an address with %s rewritten to %s is refused', async (from, to) => {
  const { gateway, url } = await finishedJob();
  await using _ = gateway;

  const { status, body } = await rawGet(url.replace(from, to));

  expect([status, body.toString()]).toEqual([
    403,
    expect.stringContaining('SignatureDoesNotMatch'),
  ]);
});

test('dl-byte-exact tells an untouched target from one that fetch has rewritten', async () => {
  const { gateway, url } = await finishedJob('dl-byte-exact');
  await using _ = gateway;

  expect(url).toContain("''");
  expect((await rawGet(url)).status).toBe(200);
  expect((await fetch(url)).status).toBe(403);
});

test('ranges: 206 with the exact part, 416 past the end, 200 for an old If-Range', async () => {
  const { gateway, url } = await finishedJob();
  await using _ = gateway;
  const whole = await rawGet(url);
  const length = whole.body.length;

  const part = await rawGet(url, {
    range: 'bytes=100-199',
    'if-range': String(whole.headers.etag),
  });
  const past = await rawGet(url, { range: `bytes=${length}-` });
  const old = await rawGet(url, { range: 'bytes=100-', 'if-range': '"old"' });

  expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 100-199/${length}`]);
  expect(part.body.equals(whole.body.subarray(100, 200))).toBe(true);
  expect([past.status, past.headers['content-range']]).toEqual([416, `bytes */${length}`]);
  expect([old.status, old.body.length]).toEqual([200, length]);
});

test('HEAD sends the length and no bytes', async () => {
  const { gateway, url } = await finishedJob();
  await using _ = gateway;

  const { status, headers, body } = await rawGet(url, {}, 'HEAD');

  expect([status, body.length]).toEqual([200, 0]);
  expect(Number(headers['content-length'])).toBeGreaterThan(10_000);
});

test.each<[scenario: string, complete: boolean, share: number]>([
  ['dl-short-length', false, 0.6],
  ['dl-short-length=rst', false, 0.6],
  ['dl-chunk-cut', false, 0.6],
  ['dl-clean-cut', true, 0.6],
  ['dl-60s-cut', true, 0.48],
  ['dl-close-delimited', true, 1],
  ['dl-close-delimited=short', true, 0.6],
  ['dl-length-too-small', true, 0.6],
  ['dl-range-ok', false, 0.6],
  ['dl-empty', true, 0],
])('%s delivers a share of the file', async (scenario, complete, share) => {
  const { gateway, url } = await finishedJob(scenario);
  await using _ = gateway;
  const length = await fileLength(gateway);

  const seen = await rawGet(url);

  expect([seen.status, seen.complete]).toEqual([200, complete]);
  expect(Math.abs(seen.body.length - length * share)).toBeLessThan(2);
});

/** Length of the same file, learnt from a job without a download scenario. */
async function fileLength(gateway: SandboxGateway): Promise<number> {
  const { gateway: plain, url } = await finishedJob();
  await using _ = plain;
  expect(gateway.url).not.toBe(plain.url);
  return (await rawGet(url)).body.length;
}

test.each<[scenario: string, status: number, sameBytes: boolean]>([
  ['dl-range-ok', 206, true],
  ['dl-range-ignored', 200, true],
  ['dl-range-changed', 200, false],
  ['dl-range-wrong', 206, false],
  ['dl-range-wrong=416', 416, false],
])('%s answers a resumed download with %i', async (scenario, status, sameBytes) => {
  const { gateway, url } = await finishedJob(scenario);
  await using _ = gateway;
  const first = await rawGet(url);
  const start = first.body.length;

  const second = await rawGet(url, {
    range: `bytes=${start}-`,
    'if-range': String(first.headers.etag),
  });

  const expected = `bytes ${start}-`;
  expect(second.status).toBe(status);
  expect(String(second.headers['content-range'] ?? expected).startsWith(expected)).toBe(
    status === 206 ? sameBytes : second.headers['content-range'] === undefined,
  );
  if (status === 200) expect(second.headers.etag === first.headers.etag).toBe(sameBytes);
});

test('dl-large falls silent at its percentage once, and then gives the rest', async () => {
  const { gateway, url } = await finishedJob('dl-large=10');
  await using _ = gateway;
  const size = 40 * 1024 ** 2;

  const stalled = await fetch(url);
  const reader = stalled.body?.getReader();
  let received = 0;
  while (received < size / 10) received += (await reader?.read())?.value?.length ?? size;
  const etag = stalled.headers.get('etag') ?? '';
  const rest = await rawGet(url, { range: `bytes=${received}-`, 'if-range': etag });
  await reader?.cancel();

  expect(rest.status).toBe(206);
  expect(received + rest.body.length).toBe(Number(stalled.headers.get('content-length')));
});

test('dl-expired gives a new address with the next poll, and the old one stays dead', async () => {
  const { gateway, id, url } = await finishedJob('dl-expired');
  await using _ = gateway;

  const refused = await rawGet(url);
  const renewed = String((await pollBody(gateway, id))['url']);

  expect([refused.status, refused.body.toString()]).toEqual([
    403,
    expect.stringContaining('AccessDenied'),
  ]);
  expect(renewed).not.toBe(url);
  expect((await rawGet(renewed)).status).toBe(200);
  expect((await rawGet(url)).status).toBe(403);
});

test('poll-url-renewed lets an address expire after its time', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-url-renewed=30' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);
  const url = String((await pollBody(gateway, id))['url']);
  const fresh = (await rawGet(url)).status;
  advance(31);

  expect([fresh, (await rawGet(url)).status]).toEqual([200, 403]);
  expect((await rawGet(String((await pollBody(gateway, id))['url']))).status).toBe(200);
});

test.each<[scenario: string, type: string | undefined, start: string]>([
  ['dl-octet', 'application/octet-stream', 'ftyp'],
  ['dl-octet=none', undefined, 'ftyp'],
  ['dl-lying-type', 'video/mp4', '\x9fB\x86\x81'],
  ['dl-odd-but-valid=size64', 'video/mp4', 'ftyp'],
  ['dl-odd-but-valid=open', 'video/mp4', 'ftyp'],
  ['dl-audio-short', 'video/mp4', 'ftyp'],
  ['dl-cut-moov', 'video/mp4', 'ftyp'],
  ['dl-cut-mdat', 'video/mp4', 'ftyp'],
])('%s has type %s and starts with %j', async (scenario, type, start) => {
  const { gateway, url } = await finishedJob(scenario);
  await using _ = gateway;

  const { headers, body, complete } = await rawGet(url);

  expect([headers['content-type'], body.toString('latin1', 4, 8), complete]).toEqual([
    type,
    start,
    true,
  ]);
});

test('an endless or hanging download ends with stop()', async () => {
  const { gateway, url } = await finishedJob('dl-hang');
  const pending = rawGet(url);
  await expect.poll(() => gateway.ledger.mediaRequests.length).toBe(1);

  await gateway.stop();

  expect((await pending).complete).toBe(false);
});
