import { expect, test } from 'vitest';
import type { StartedVideo } from '../../src/client/video-client.ts';
import type { RowProspect } from '../../src/contract/row-prospect.ts';
import { VideoClientError } from '../../src/client/video-client-error.ts';
import type { StartVideoOptions } from '../../src/client/start-options.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { ClientScript } from '../fakes/fake-client.ts';
import { origin, studioHarness } from './studio-harness.ts';

interface Start {
  request: VideoRequest;
  options: StartVideoOptions;
}

/** A studio that records what it starts, as the client would: one key is one video. */
async function creating(
  fail?: VideoClientError,
  script: ClientScript = {},
  prospect: RowProspect = 'started',
) {
  const starts: Start[] = [];
  const harness = await studioHarness({
    script,
    ports: ({ videos }) => ({
      videos: {
        ...videos,
        batches: { ...videos.batches, lookUp: () => Promise.resolve([prospect]) },
        start: (request: VideoRequest, options: StartVideoOptions = {}): Promise<StartedVideo> => {
          starts.push({ request, options });
          if (fail) return Promise.reject(fail);
          return Promise.resolve({
            videoId: `video/${options.key ?? ''}`,
            runId: 'run',
            outcome: starts.length > 1 ? 'joined' : 'started',
            waiterId: 'waiter',
            warnings: [],
          });
        },
      },
    }),
  });
  const quote = async (fields: Record<string, string>, files: Record<string, Blob> = {}) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    for (const [name, file] of Object.entries(files)) body.append(name, file, 'picture.png');
    const headers = { host: '127.0.0.1:8787', origin };
    const response = await harness.app.request(`${origin}/studio/new/quote`, {
      method: 'POST',
      headers,
      body,
    });
    return { status: response.status, text: await response.text() };
  };
  return { ...harness, starts, quote };
}

/** The hidden fields of the form that pays. */
function hiddenFields(page: string): Record<string, string> {
  const decode = (text: string) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const form = page.slice(page.indexOf('action="/studio/new/start"'));
  return Object.fromEntries(
    [...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, decode(value)],
    ),
  );
}

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const cat = { model: 'SD2.5 720P', prompt: 'A cat <naps> & "dreams"', seconds: '5' };

test('the quote comes before the button: what is made, and the highest cost; nothing is started', async () => {
  const { quote, starts } = await creating();
  const { status, text } = await quote(cat);
  expect(status).toBe(200);
  expect(text).toContain('4.75, by the recorded price list of');
  expect(text).toContain('A cat &lt;naps&gt; &amp; &quot;dreams&quot;');
  expect(starts).toEqual([]);
});

test('the button starts the request that was quoted, with its key and tags; a second click joins it', async () => {
  const { quote, post, starts } = await creating();
  const fields = hiddenFields((await quote({ ...cat, tags: 'spring, cats' })).text);
  const clicks = [await post('/studio/new/start', fields), await post('/studio/new/start', fields)];
  for (const response of clicks) {
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/studio/videos/video%2F${fields['key'] ?? ''}`);
  }
  expect(new Set(starts.map(({ options: { key } }) => key)).size).toBe(1);
  expect(starts[0]?.request.body).toMatchObject({ model: 'SD2.5 720P', prompt: cat.prompt });
  expect(starts[0]?.options.tags).toEqual(['spring', 'cats']);
});

test('the same form with the same content is one video; another form, or another prompt, is another one', async () => {
  const { quote } = await creating();
  const keyOf = async (fields: Record<string, string>) =>
    hiddenFields((await quote(fields)).text)['key'];
  const first = await keyOf({ ...cat, nonce: 'form-1' });
  expect(await keyOf({ ...cat, nonce: 'form-1' })).toBe(first);
  expect(await keyOf({ ...cat, nonce: 'form-2' })).not.toBe(first);
  expect(await keyOf({ ...cat, nonce: 'form-1', prompt: 'A dog' })).not.toBe(first);
  expect(await keyOf({ ...cat, nonce: 'form-1', tags: 'spring' })).not.toBe(first);
  expect(await keyOf({ ...cat, name: 'nap' })).toBe('nap');
});

test.each([
  [{ ...cat, prompt: '' }, 'Write a prompt', 'prompt'],
  [{ ...cat, seconds: 'five' }, 'Must be whole seconds', 'seconds'],
  [{ ...cat, seconds: '90' }, '90', 'seconds'],
  [{ ...cat, metadata: '[1]' }, 'Must be a JSON object', 'metadata'],
  [{ ...cat, imageUrls: 'cat.png' }, 'https://', 'imageUrls'],
  [{ ...cat, name: '@acme/video_1' }, 'Must be letters, digits', 'name'],
  [{ ...cat, name: 'tonight/row-1' }, 'Must be letters, digits', 'name'],
  [{ ...cat, tags: 'spring, tenant:acme' }, 'set by the server', 'tags'],
])(
  'a field that cannot be used is named, and the others keep their values: %o',
  async (fields, message, field) => {
    const { quote, starts } = await creating();
    const { status, text } = await quote(fields);
    expect(status).toBe(422);
    expect(text).toContain(message);
    expect(text).toContain(`id="${field}-fault"`);
    expect(text).not.toContain('/studio/new/start');
    expect(starts).toEqual([]);
  },
);

test('a picture is stored by its content, and the request refers to it', async () => {
  const { quote } = await creating();
  const png = Buffer.from(pixel, 'base64');
  const good = await quote(cat, { images: new Blob([png]) });
  expect(hiddenFields(good.text)['request']).toMatch(/stored-image:sha256:[0-9a-f]{64}/);
  const bad = await quote(cat, { images: new Blob(['not an image']) });
  expect(bad.text).toContain('id="images-fault"');
});

test('a picture stays when another field is corrected, and the form comes back with all that was typed', async () => {
  const { quote, post } = await creating();
  const png = Buffer.from(pixel, 'base64');
  const refused = await quote({ ...cat, seconds: 'soon' }, { images: new Blob([png]) });
  const [, stored = ''] = /name="stored" value="([^"]+)" checked/.exec(refused.text) ?? [];
  expect(stored).toMatch(/^stored-image:sha256:[0-9a-f]{64}$/);
  const corrected = await quote({ ...cat, stored });
  expect(hiddenFields(corrected.text)['request']).toContain(stored);
  expect((await quote(cat)).text).toMatch(/<dt>Media<\/dt>\s*<dd>none<\/dd>/);
  const change = { ...cat, stored, tags: 'spring', nonce: 'form-1' };
  const form = await (await post('/studio/new/change', change)).text();
  for (const value of ['spring', 'form-1', stored, 'A cat &lt;naps&gt;'])
    expect(form).toContain(value);
});

test('a video that exists is said before the button, and a taken name is corrected in the form', async () => {
  const known = async (prospect: RowProspect) => {
    const { quote } = await creating(undefined, {}, prospect);
    return quote({ ...cat, name: 'nap' });
  };
  expect((await known('cached')).text).toContain('nothing more is paid');
  expect((await known('conflict')).text).toContain('id="name-fault"');
  expect((await known('billed')).text).toContain('id="name-fault"');
});

test('a tag or a name of a tenant is refused at the button as well', async () => {
  const { quote, post, starts } = await creating();
  const fields = hiddenFields((await quote(cat)).text);
  for (const change of [{ tags: 'tenant:acme' }, { key: '@acme/video_1' }]) {
    expect((await post('/studio/new/start', { ...fields, ...change })).status).toBe(400);
  }
  expect(starts).toEqual([]);
});

test('a name of another video is refused, and says that nothing was paid', async () => {
  const conflict = new VideoClientError('key_conflict', 'The key belongs to another request');
  const { quote, post } = await creating(conflict);
  const fields = hiddenFields((await quote({ ...cat, name: 'taken' })).text);
  const response = await post('/studio/new/start', fields);
  expect(response.status).toBe(422);
  expect(await response.text()).toContain('Choose another name; nothing was paid now.');
});

test('nothing starts from another site, by GET, or without the fields of the quote', async () => {
  const { quote, get, post, starts } = await creating();
  const fields = hiddenFields((await quote(cat)).text);
  expect((await post('/studio/new/start', fields, { origin: 'https://evil.example' })).status).toBe(
    403,
  );
  expect((await get(`/studio/new/start?${String(new URLSearchParams(fields))}`)).status).toBe(404);
  expect((await post('/studio/new/start', { key: 'x' })).status).toBe(400);
  expect(
    (await post('/studio/new/start', { ...fields, request: '{"format":"videos"}' })).status,
  ).toBe(400);
  expect(starts).toEqual([]);
});

test('a model name is text, whatever it contains', async () => {
  const { get } = await creating();
  const page = await (
    await get(`/studio/new?model=${encodeURIComponent('"><script>alert(1)</script>')}&nonce=1`)
  ).text();
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script&gt;alert(1)');
});

test('a video is made again from the page of its request: the same request, another key', async () => {
  const request = { format: 'videos', body: { model: 'SD2.5 720P', prompt: 'A cat', duration: 5 } };
  const run = {
    status: 'RUNNING' as const,
    phase: 'running',
    input: { request },
    memo: { http: { tags: ['spring', 'tenant:acme'] } },
  };
  const { get, starts } = await creating(undefined, {
    runs: () => run,
    query: () => ({
      phase: 'running',
      billed: 'yes',
      startedAt: '2026-11-30T12:00:00Z',
      warnings: [],
    }),
  });
  const address = `/studio/new?from=${encodeURIComponent('video/nap')}`;
  const offer = (await get(address)).headers.get('location') ?? '';
  const fields = hiddenFields(await (await get(offer)).text());
  expect(JSON.parse(fields['request'] ?? '')).toEqual(request);
  expect(fields['key']).toMatch(/^studio-[0-9a-f]{16}$/);
  expect(fields['tags']).toBe('spring');
  // A reload of the offer is the same video; the link on the page of the video is another one.
  expect(hiddenFields(await (await get(offer)).text())['key']).toBe(fields['key']);
  expect((await get(address)).headers.get('location')).not.toBe(offer);
  expect(starts).toEqual([]);
});

test('the address of a form has its nonce: loading it again is the same form, the link to it is another one', async () => {
  const { get } = await creating();
  const link = '/studio/new?model=SD2.5+720P';
  const address = (await get(link)).headers.get('location') ?? '';
  const nonceOf = async () =>
    /name="nonce" value="(\w+)"/.exec(await (await get(address)).text())?.[1];
  expect(await nonceOf()).toMatch(/^[0-9a-f]{32}$/);
  expect(await nonceOf()).toBe(await nonceOf());
  expect((await get(link)).headers.get('location')).not.toBe(address);
});
