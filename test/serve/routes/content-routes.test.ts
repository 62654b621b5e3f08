import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { endings } from '../../client/outcomes.ts';
import { contentApp, id, linkTo, startMs, withKey } from './content-app.ts';

async function errorOf(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; param: string | null } };
  return { status: response.status, code: error.code, param: error.param };
}

describe('GET /v1/videos/{id}/content', () => {
  test('sends the file of the video', async () => {
    const { url, bytes } = await contentApp();
    const response = await fetch(`${url}/content?variant=video`, withKey());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe(`inline; filename="${id}.mp4"`);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(bytes.equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
  });

  test('sends a range of it, as a player that seeks asks for', async () => {
    const { url, bytes } = await contentApp();
    const first = await fetch(`${url}/content`, withKey('key-acme', { range: 'bytes=0-' }));
    expect(first.status).toBe(206);
    await first.body?.cancel();
    const etag = first.headers.get('etag') ?? '';
    const more = { range: 'bytes=262144-', 'if-range': etag };
    const seek = await fetch(`${url}/content`, withKey('key-acme', more));
    expect(seek.headers.get('content-range')).toBe('bytes 262144-299999/300000');
    expect(bytes.subarray(262_144).equals(Buffer.from(await seek.arrayBuffer()))).toBe(true);
  });

  test('has the same headers for HEAD, without a body', async () => {
    const { url } = await contentApp();
    const response = await fetch(`${url}/content`, { method: 'HEAD', ...withKey() });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('300000');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
  });

  test.each(['thumbnail', 'spritesheet', ''])('refuses the variant "%s"', async (variant) => {
    const { url } = await contentApp();
    const response = await fetch(`${url}/content?variant=${variant}`, withKey());
    expect(await errorOf(response)).toEqual({
      status: 400,
      code: 'invalid_request',
      param: 'variant',
    });
  });

  test.each([
    ['under way', { runs: [{ phase: 'queued' }] }, 'not_ready'],
    ['failed', { runs: [{ status: 'FAILED' as const }], result: endings.failed() }, 'not_stored'],
  ])('refuses a video that is %s', async (_, run, code) => {
    const { url } = await contentApp({ run });
    const response = await fetch(`${url}/content`, withKey());
    expect(await errorOf(response)).toEqual({ status: 400, code, param: 'id' });
  });

  test('does not find the video of another tenant', async () => {
    const { url } = await contentApp();
    const response = await fetch(`${url}/content`, withKey('key-other'));
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('needs an API key or a link', async () => {
    const { url } = await contentApp();
    const response = await fetch(`${url}/content`);
    expect(await errorOf(response)).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});

describe('POST /v1/videos/{id}/link', () => {
  test.each(['GET', 'HEAD'])('makes a link that needs no API key for %s', async (method) => {
    const { url } = await contentApp();
    const link = await linkTo(url);
    expect(link.expires_at).toBe(startMs / 1_000 + 900);
    const response = await fetch(link.url, { method, headers: { range: 'bytes=0-9' } });
    expect(response.status).toBe(method === 'GET' ? 206 : 200);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    await response.body?.cancel();
  });

  test('takes the validity from the body', async () => {
    const { url } = await contentApp();
    const { expires_at } = await linkTo(url, { expires_in: 3_600 });
    expect(expires_at).toBe(startMs / 1_000 + 3_600);
  });

  test.each([{ expires_in: 0 }, { expires_in: 3_601 }, { expires_in: 1.5 }, { expires: 5 }])(
    'refuses the body %j',
    async (body) => {
      const { url } = await contentApp();
      const response = await fetch(`${url}/link`, {
        method: 'POST',
        body: JSON.stringify(body),
        ...withKey(),
      });
      expect(await errorOf(response)).toMatchObject({ status: 400, code: 'invalid_request' });
    },
  );

  test('begins with the address of the caller, or with the public address', async () => {
    const direct = await contentApp();
    expect((await linkTo(direct.url)).url).toContain(`${direct.url}/content?`);
    const behindProxy = await contentApp({ publicUrl: 'https://videos.example/api' });
    const { url } = await linkTo(behindProxy.url);
    expect(url).toContain(`https://videos.example/api/v1/videos/${id}/content?`);
  });

  test('makes no link to the video of another tenant, or to one that is not stored', async () => {
    const { url } = await contentApp();
    const foreign = await fetch(`${url}/link`, { method: 'POST', ...withKey('key-other') });
    expect(foreign.status).toBe(404);
    const open = await contentApp({ run: { runs: [{ phase: 'queued' }] } });
    const early = await fetch(`${open.url}/link`, { method: 'POST', ...withKey() });
    expect(await errorOf(early)).toMatchObject({ status: 400, code: 'not_ready' });
  });
});

describe('a signed link', () => {
  const invalid = { status: 403, code: 'invalid_link', param: null };

  test('is refused once it has expired', async () => {
    const { url, seen } = await contentApp();
    const link = await linkTo(url, { expires_in: 60 });
    seen.nowMs += 60_000;
    expect(await errorOf(await fetch(link.url))).toEqual(invalid);
  });

  test('is refused once its API key is revoked', async () => {
    const { url, seen } = await contentApp();
    const link = await linkTo(url);
    seen.revoked.add('k_1');
    expect(await errorOf(await fetch(link.url))).toEqual(invalid);
  });

  test.each([
    ['for another video', (url: string) => url.replace(id, `video_${'2e'.repeat(20)}`)],
    ['of another tenant', (url: string) => url.replace('tenant=acme', 'tenant=other')],
    ['of another key', (url: string) => url.replace('key=k_1', 'key=k_2')],
    ['that was prolonged', (url: string) => url.replace(/expires=(\d+)/, 'expires=1$1')],
    ['with another signature', (url: string) => url.replace(/sig=./, 'sig=!')],
  ])('%s is refused', async (_, change) => {
    const { url } = await contentApp();
    const link = await linkTo(url);
    expect(change(link.url)).not.toBe(link.url);
    expect(await errorOf(await fetch(change(link.url)))).toEqual(invalid);
  });

  test.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/link'],
    ['POST', '/content'],
    ['GET', '/content/..'],
  ])('grants nothing but content: %s {id}%s needs an API key', async (method, path) => {
    const { url } = await contentApp();
    const { search } = new URL((await linkTo(url)).url);
    const response = await fetch(`${url}${path}${search}`, { method });
    expect(await errorOf(response)).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  test('does not help a wrong API key', async () => {
    const { url } = await contentApp();
    const response = await fetch((await linkTo(url)).url, withKey('key-wrong'));
    expect(response.status).toBe(401);
  });

  test('leaves no signature in the access log', async () => {
    const { url, seen } = await contentApp();
    const link = await linkTo(url);
    await (await fetch(link.url)).arrayBuffer();
    expect(seen.log.at(-1)).toMatchObject({
      route: '/v1/videos/:id/content',
      tenant: 'acme',
      keyId: 'k_1',
    });
    expect(JSON.stringify(seen.log)).not.toContain(new URL(link.url).searchParams.get('sig'));
  });

  test('is the address of the file for clients of new-api', async () => {
    const { origin } = await contentApp();
    const status = await fetch(`${origin}/v1/video/generations/${id}`, withKey());
    const { url, data } = (await status.json()) as { url: string; data: { result_url: string } };
    expect(data.result_url).toBe(url);
    const response = await fetch(url);
    expect(await response.arrayBuffer()).toHaveProperty('byteLength', 300_000);
  });
});

describe('a large file', () => {
  const megabyte = 1024 ** 2;
  const large = Buffer.alloc(200 * megabyte);

  test('is sent without being held in memory', { timeout: 60_000 }, async () => {
    const { url } = await contentApp({ bytes: large });
    const response = await fetch(`${url}/content`, withKey());
    const before = process.memoryUsage().rss;
    let received = 0;
    let most = 0;
    for await (const chunk of response.body ?? []) {
      received += chunk.length;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(received).toBe(large.length);
    expect(most).toBeLessThan(100 * megabyte);
  });

  test.each([{}, { range: 'bytes=1-' }])(
    'is closed when the client disconnects, with the headers %j',
    { timeout: 60_000 },
    async (headers) => {
      const { url, folder } = await contentApp({ bytes: large });
      const request = get(`${url}/content`, { ...withKey('key-acme', headers), agent: false });
      request.on('error', () => {});
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.pause();
      expect(openFilesIn(folder)).toHaveLength(1);
      request.destroy();
      await vi.waitFor(() => expect(openFilesIn(folder)).toEqual([]), { timeout: 30_000 });
    },
  );
});

/** Files of a folder that this process has open. */
function openFilesIn(folder: string): string[] {
  const linkOf = (handle: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${handle}`);
    } catch {
      return '';
    }
  };
  return readdirSync('/proc/self/fd')
    .map(linkOf)
    .filter((path) => path.startsWith(folder));
}
