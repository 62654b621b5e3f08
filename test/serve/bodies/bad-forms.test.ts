import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCreateBody } from '../../../src/serve/bodies/read-create-body.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { file, form, formHeaders, jpeg, png, post, refusal, text } from './bodies.ts';

const model = text('model', 'sora-2');
const image = file('input_reference', png);
const whole = form(model, text('prompt', 'A cat'), image);

async function refused(
  body: Uint8Array | readonly Uint8Array[],
  headers: Record<string, string> = formHeaders,
) {
  const { storage, files } = await tempStorage();
  const error = await refusal(readCreateBody(post(body, headers), { format: 'videos', storage }));
  expect(await files()).toEqual([]);
  return error;
}

const raw = (head: string) => Buffer.from(`--cut-here\r\n${head}\r\n\r\nx\r\n--cut-here--\r\n`);

describe('a bad form is refused with 400, and leaves nothing in the storage', () => {
  test.each([
    [
      'that is cut off in a file',
      whole.subarray(0, whole.length - 150),
      /ends before its last boundary/,
    ],
    [
      'that is cut off in a text',
      form(image, model).subarray(0, -20),
      /ends before its last boundary/,
    ],
    [
      'without its last boundary',
      whole.subarray(0, -'--cut-here--\r\n'.length),
      /ends before its last/,
    ],
    ['that is empty', Buffer.alloc(0), /ends before its last boundary/],
    ['that is something else', Buffer.from('{"model":"sora-2"}'), /ends before its last boundary/],
    [
      'with line feeds only',
      Buffer.from(form(model).toString().replaceAll('\r', '')),
      /ends before its last/,
    ],
    ['without parts', Buffer.from('--cut-here--\r\n'), /There is no model/],
    ['with a part without headers', raw(''), /Content-Disposition/],
    ['with a part without a name', raw('Content-Disposition: form-data'), /Content-Disposition/],
    ['with an empty name', raw('Content-Disposition: form-data; name=""'), /Content-Disposition/],
    [
      'with a part of another kind',
      raw('Content-Disposition: attachment; name="a"'),
      /Content-Disposition/,
    ],
    [
      'with a part whose headers end early',
      Buffer.from('--cut-here\r\nContent-Dis\r\n--cut-here--'),
      /Content-Disp/,
    ],
    [
      'with a huge header',
      raw(`X: ${'y'.repeat(100_000)}\r\nContent-Disposition: form-data; name="a"`),
      /Content-Disp/,
    ],
    [
      'with many headers',
      raw(`${'X: y\r\n'.repeat(500)}Content-Disposition: form-data; name="a"`),
      /Content-Disp/,
    ],
    ['with a huge name', form(text('a'.repeat(501), 'x')), /more than 500 characters/],
    [
      'with 257 parts',
      form(...Array.from({ length: 257 }, () => text('a[]', 'x'))),
      /more than 256 parts/,
    ],
    [
      'with 5,000 parts',
      form(...Array.from({ length: 5000 }, () => text('a[]', 'x'))),
      /more than 256 parts/,
    ],
    [
      'with 33 files',
      form(...Array.from({ length: 33 }, () => file('images[]', png))),
      /more than 32 files/,
    ],
    ['with an empty file', form(model, file('input_reference', Buffer.alloc(0))), /file is empty/],
    [
      'with a file that is no image',
      form(model, file('image', Buffer.from('GIF89a and more'))),
      /send a PNG, JPEG or WebP/,
    ],
    [
      'with a short file that is no image',
      form(model, file('image', Buffer.from('hi'))),
      /send a PNG, JPEG or WebP/,
    ],
    [
      'with another charset',
      form([`${model[0]}\r\nContent-Type: text/plain; charset=gbk`, 'x']),
      /charset "gbk"/,
    ],
    [
      'with text that is not UTF-8',
      form(text('model', 'sora-2'), [text('prompt', '')[0], Buffer.from([0xc3, 0x28])]),
      /UTF-8/,
    ],
    [
      'with a name that is not UTF-8',
      Buffer.from(form(model, text('\xff', 'x')).toString(), 'latin1'),
      /UTF-8/,
    ],
    [
      'with a field twice',
      form(model, text('prompt', 'A'), text('prompt', 'B')),
      /"prompt" is given twice/,
    ],
    [
      'with a field and a file of one name',
      form(model, text('image', 'https://a/b'), file('image', png)),
      /given twice/,
    ],
    [
      'with a text and an object',
      form(model, text('a', 'x'), text('a[b]', 'x')),
      /two kinds of value/,
    ],
    [
      'with a list and an object',
      form(model, text('a[]', 'x'), text('a[b]', 'x')),
      /two kinds of value/,
    ],
    [
      'with texts and objects in a list',
      form(model, text('a[]', 'x'), text('a[][b]', 'x')),
      /two kinds of value/,
    ],
    ['with lists in a list', form(model, text('a[][]', 'x')), /lists of lists/],
    ['with a name of brackets', form(model, text('a[b', 'x')), /Cannot read the field name/],
    ['with a nested bomb', form(model, text(`a${'[b]'.repeat(100)}`, 'x')), /more than 16 levels/],
    ['with the prototype', form(model, text('__proto__[x]', 'y')), /cannot have the name/],
    [
      'with the prototype below',
      form(model, text('metadata[__proto__][x]', 'y')),
      /cannot have the name/,
    ],
    [
      'with a constructor',
      form(model, text('metadata[constructor][prototype][x]', 'y')),
      /cannot have the name/,
    ],
    ['with a file for the prototype', form(model, file('__proto__', png)), /cannot have the name/],
    [
      'with metadata that has a name twice',
      form(model, text('metadata', '{"a":1,"a":2}')),
      /given twice/,
    ],
    [
      'with an unknown field of ours',
      form(model, text('onetake[tag]', 'x')),
      /Unknown field "onetake.tag"/,
    ],
    [
      'with a tenant’s tag',
      form(model, text('onetake[tags][]', 'tenant:x'), image),
      /set by the server/,
    ],
    [
      'with an image for a model that takes none',
      form(text('model', 'wan2.7-t2v'), text('prompt', 'A'), image),
      /wan2.7-t2v/,
    ],
    ['without a model, after a whole image', form(image), /There is no model/],
  ])('a form %s', async (_, body, message) => {
    const error = await refused(body);
    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(error.message).toMatch(message);
  });

  test('a form without a boundary in its Content-Type', async () => {
    const error = await refused(whole, { 'content-type': 'multipart/form-data' });
    expect(error).toMatchObject({ status: 400, message: expect.stringMatching(/no boundary/) });
  });

  test('a form cut off anywhere, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 5 }),
        fc.integer({ min: 1, max: 500 }),
        async (end, size) => {
          const error = await refused(chunksOf(whole.subarray(0, end), size));
          expect(error.status).toBe(400);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('a whole form gives the same request in chunks of any size', async () => {
  const { storage } = await tempStorage();
  const body = form(
    image,
    model,
    text('prompt', 'Eine Kätze'),
    text('metadata[a][]', ''),
    file('images[]', jpeg),
  );
  const read = async (chunks: Uint8Array[]) =>
    readCreateBody(post(chunks, formHeaders), { format: 'videos', storage });
  const { request } = await read([body]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (size) => {
      expect((await read(chunksOf(body, size))).request).toEqual(request);
    }),
    { numRuns: 15 },
  );
});

test('texts of more than 1 MiB together are refused with 413', async () => {
  const half = 'x'.repeat(600_000);
  const error = await refused(
    form(model, text('prompt', half), text('metadata[negative_prompt]', half)),
  );
  expect(error).toMatchObject({ status: 413, code: 'request_too_large' });
});

test('a form above its limit is refused with 413 by its Content-Length', async () => {
  const error = await refused(whole, { ...formHeaders, 'content-length': '1000000000' });
  expect(error).toMatchObject({ status: 413, code: 'request_too_large' });
});

test('a form that goes on after its last boundary is whole', async () => {
  const { storage } = await tempStorage();
  const body = Buffer.concat([Buffer.from('preamble\r\n'), form(model), Buffer.from('epilogue')]);
  const { request } = await readCreateBody(post(body, formHeaders), { format: 'videos', storage });
  expect(request.body).toEqual({ model: 'sora-2' });
});

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
