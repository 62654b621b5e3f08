import { describe, expect, test } from 'vitest';
import { requestDigest } from '../../../src/identity/request-digest.ts';
import {
  readCreateBody,
  type ReadBodyOptions,
} from '../../../src/serve/bodies/read-create-body.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { exampleBodies } from './example-bodies.ts';
import { png, post, refusal } from './bodies.ts';

async function read(request: Request, options: Partial<ReadBodyOptions> = {}) {
  const { storage } = await tempStorage();
  return readCreateBody(request, { format: 'videos', storage, ...options });
}

function json(value: unknown): Request {
  return post(JSON.stringify(value));
}

test.each(exampleBodies)(
  'the documented body $name is the request unchanged',
  async ({ format, body }) => {
    const { request, onetake } = await read(json(body), { format });
    expect(request).toEqual({ format, body });
    expect(onetake).toEqual({});
  },
);

describe('a JSON body that would not be sent as it is written is refused', () => {
  test.each([
    ['a name twice', '{"model":"m","metadata":{"seed":1,"seed":2}}', 'seed', /given twice/],
    ['a name twice, once escaped', '{"model":"m","a":1,"\\u0061":2}', 'a', /given twice/],
    [
      'the prototype',
      '{"model":"m","metadata":{"__proto__":{"x":1}}}',
      '__proto__',
      /cannot have the name/,
    ],
    [
      'the prototype, escaped',
      '{"model":"m","\\u005f_proto__":1}',
      '__proto__',
      /cannot have the name/,
    ],
    [
      'a rounded integer',
      '{"model":"m","metadata":{"seed":9007199254740993}}',
      'metadata.seed',
      /send it as text/,
    ],
    ['an infinite number', '{"model":"m","seed":1e999}', 'seed', /send it as text/],
    ['a number that becomes zero', '{"model":"m","seed":1e-999}', undefined, /would become 0/],
    ['a lone surrogate', '{"model":"m","prompt":"\\ud800"}', 'prompt', /lone surrogate/],
    ['a NUL', '{"model":"m","prompt":"\\u0000"}', 'prompt', /NUL/],
    [
      'a bomb of brackets',
      `{"model":"m","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      undefined,
      /more than 10000 objects and lists/,
    ],
    [
      'a deep list',
      `{"model":"m","a":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
      undefined,
      /levels/,
    ],
    ['no object', '[{"model":"m"}]', undefined, /must be a JSON object/],
    ['nothing', '', undefined, /not JSON/],
    ['half of it', '{"model":"m"', undefined, /not JSON/],
    ['no model', '{"prompt":"A cat"}', 'model', /There is no model/],
    ['an empty model', '{"model":""}', 'model', /There is no model/],
    ['a prompt that is no text', '{"model":"m","prompt":7}', 'prompt', /prompt/],
  ])('%s', async (_, body, param, message) => {
    const error = await refusal(read(post(body)));
    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(error.message).toMatch(message);
    if (param !== undefined) expect(error.options.param).toBe(param);
  });

  test('bytes that are not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"model":"m","prompt":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expect(await refusal(read(post(body)))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/UTF-8/),
    });
  });
});

test('equal names in different objects, and numbers within texts, are no fault', async () => {
  const body = {
    model: 'm',
    prompt: '{"a":1e-999,"a":2}',
    a: { x: 0 },
    b: [{ x: 0.0 }, { x: 1e-7 }],
  };
  expect((await read(json(body))).request.body).toEqual(body);
});

describe('a JSON body above 1 MiB is refused with 413 and the way out', () => {
  const large = Buffer.from(JSON.stringify({ model: 'm', prompt: 'x'.repeat(1024 * 1024) }));

  test('by its Content-Length, before a byte is read', async () => {
    let isRead = false;
    const body = new ReadableStream<Uint8Array>(
      { pull: () => void (isRead = true) },
      { highWaterMark: 0 },
    );
    const headers = { 'content-type': 'application/json', 'content-length': String(large.length) };
    const error = await refusal(read(post(body, headers)));
    expect(error).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(error.message).toMatch(/multipart\/form-data, or as URLs/);
    expect(isRead).toBe(false);
  });

  test('by its bytes, if it has no Content-Length', async () => {
    expect(await refusal(read(post(large)))).toMatchObject({
      status: 413,
      code: 'request_too_large',
    });
  });

  test('not at the limit itself', async () => {
    const empty = JSON.stringify({ model: 'm', prompt: '' }).length;
    const body = { model: 'm', prompt: 'x'.repeat(1024 * 1024 - empty) };
    expect((await read(json(body))).request.body).toEqual(body);
  });
});

test('a body whose bytes stop coming is refused with 408', async () => {
  const body = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(Buffer.from('{"model"')) });
  expect(await refusal(read(post(body), { idleMs: 20 }))).toMatchObject({
    status: 408,
    code: 'request_timeout',
  });
});

describe('the content type decides', () => {
  test.each([
    ['application/json; charset=utf-8'],
    ['Application/JSON'],
    ['application/json;charset="UTF-8"'],
    ['application/vnd.api+json'],
  ])('%s is read', async (type) => {
    const request = post('{"model":"m"}', { 'content-type': type });
    expect((await read(request)).request.body).toEqual({ model: 'm' });
  });

  test.each([
    ['application/x-www-form-urlencoded'],
    ['text/plain'],
    ['application/json; charset=utf-16'],
    [''],
  ])('"%s" is refused with 415', async (type) => {
    const error = await refusal(read(post('{"model":"m"}', { 'content-type': type })));
    expect(error).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect(error.message).toMatch(/application\/json.*multipart\/form-data/);
  });

  test('a form is refused with 415 on the generations route', async () => {
    const request = post('', { 'content-type': 'multipart/form-data; boundary=x' });
    expect(await refusal(read(request, { format: 'generations' }))).toMatchObject({ status: 415 });
  });
});

describe('onetake', () => {
  test('is taken out of the body, and does not change the digest', async () => {
    const onetake = { tags: ['shop', 'spring'], priority: 'batch' };
    const found = await read(json({ model: 'm', onetake, prompt: 'A cat' }));
    expect(found).toEqual({
      request: { format: 'videos', body: { model: 'm', prompt: 'A cat' } },
      onetake,
    });
    const { request } = await read(json({ prompt: 'A cat', model: 'm' }));
    expect(requestDigest(found.request)).toBe(requestDigest(request));
  });

  test.each([
    [{ tag: ['x'] }, 'onetake.tag', /Unknown field "onetake.tag": it takes "tags", "priority"/],
    [{ tags: ['tenant:other'] }, 'onetake.tags.0', /set by the server/],
    [{ tags: ['Tenant:other'] }, 'onetake.tags.0', /set by the server/],
    [{ tags: 'x' }, 'onetake.tags', /array/],
    [{ priority: 'high' }, 'onetake.priority', /interactive/],
    ['batch', 'onetake', /object/],
    [null, 'onetake', /object/],
  ])('%j is refused', async (onetake, param, message) => {
    const error = await refusal(read(json({ model: 'm', onetake })));
    expect(error).toMatchObject({ status: 400, options: { param } });
    expect(error.message).toMatch(message);
  });
});

describe('an image in OpenAI’s form', () => {
  test('given as a data URI is stored, and only if the body is valid', async () => {
    const { storage, files } = await tempStorage();
    const reference = { image_url: `data:image/png;base64,${png.toString('base64')}` };
    const wrong = json({ model: 'sora-2', prompt: 7, input_reference: reference });
    await refusal(readCreateBody(wrong, { format: 'videos', storage }));
    expect(await files()).toEqual([]);
    const valid = json({ model: 'sora-2', prompt: 'A cat', input_reference: reference });
    const { request } = await readCreateBody(valid, { format: 'videos', storage });
    const [name = ''] = await files();
    expect(request.body['input_reference']).toBe(
      `stored-image:sha256:${name.replace('images/', '')}`,
    );
    expect(await storage.readSmall(name, 1e6)).toEqual(png);
  });

  test.each([
    [{ file_id: 'file-1' }, 'input_reference.file_id', /send the file itself/],
    [{ image_url: 'cat.png' }, 'input_reference.image_url', /https/],
    [{ image_url: 7 }, 'input_reference.image_url', /https/],
    [{ image_url: 'https://a/b.png', detail: 'high' }, 'input_reference.detail', /Unknown field/],
    [{ image_url: 'data:image/png;base64,AAAA' }, 'input_reference.image_url', /PNG, JPEG or WebP/],
    [{ image_url: 'data:image/png,raw' }, 'input_reference.image_url', /base64/],
  ])('%j is refused', async (reference, param, message) => {
    const error = await refusal(
      read(json({ model: 'sora-2', prompt: 'A cat', input_reference: reference })),
    );
    expect(error).toMatchObject({ status: 400, options: { param } });
    expect(error.message).toMatch(message);
  });
});

describe('a reference to a stored image', () => {
  const reference = `stored-image:sha256:${'0'.repeat(64)}`;

  test('of a caller is refused, because the image may be of another tenant', async () => {
    const body = {
      model: 'kling-v1',
      prompt: 'A cat',
      metadata: { images: ['https://a.example/b.png', reference] },
    };
    await expect(read(json(body))).rejects.toMatchObject({
      status: 400,
      options: { param: 'metadata.images.1' },
    });
    const form = new FormData();
    form.append('model', 'sora-2');
    form.append('prompt', 'A cat');
    form.append('input_reference[image_url]', reference);
    const request = new Request('http://serve.test/v1/videos', { method: 'POST', body: form });
    await expect(read(request)).rejects.toMatchObject({ status: 400 });
  });
});
