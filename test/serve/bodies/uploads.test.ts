import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { maxImageBytes } from '../../../src/contract/stored-inputs.ts';
import { requestDigest } from '../../../src/identity/request-digest.ts';
import { readCreateBody } from '../../../src/serve/bodies/read-create-body.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import {
  file,
  form,
  formHeaders,
  jpeg,
  largeForm,
  png,
  post,
  refusal,
  text,
  webp,
} from './bodies.ts';

const referenceOf = (bytes: Uint8Array) => `stored-image:sha256:${sha256(bytes)}`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const fields = [text('model', 'sora-2'), text('prompt', 'A cat')] as const;

describe('a file is stored by its content', () => {
  test.each([
    ['PNG', png],
    ['JPEG', jpeg],
    ['WebP', webp],
  ])('a %s, whatever its name and declared type', async (_, bytes) => {
    const { storage, files } = await tempStorage();
    const body = form(file('input_reference', bytes), ...fields);
    const { request } = await readCreateBody(post(body, formHeaders), {
      format: 'videos',
      storage,
    });
    expect(request.body['input_reference']).toBe(referenceOf(bytes));
    expect(await files()).toEqual([`images/${sha256(bytes)}`]);
    expect(await storage.readSmall(`images/${sha256(bytes)}`, 1e6)).toEqual(bytes);
  });

  test('in any field, also in lists and below metadata', async () => {
    const { storage } = await tempStorage();
    const body = form(
      ...fields,
      file('images[]', png),
      file('images[]', jpeg),
      file('metadata[first_frame_image]', webp),
    );
    const { request } = await readCreateBody(post(body, formHeaders), {
      format: 'videos',
      storage,
    });
    expect(request.body).toEqual({
      model: 'sora-2',
      prompt: 'A cat',
      images: [referenceOf(png), referenceOf(jpeg)],
      metadata: { first_frame_image: referenceOf(webp) },
    });
  });

  test('uploads of one image at once do not disturb each other', async () => {
    const { storage, files } = await tempStorage();
    const body = form(...fields, file('input_reference', png));
    const reads = Array.from({ length: 8 }, () =>
      readCreateBody(post(body, formHeaders), { format: 'videos', storage }),
    );
    const digests = (await Promise.all(reads)).map(({ request }) => requestDigest(request));
    expect(new Set(digests).size).toBe(1);
    expect(await files()).toEqual([`images/${sha256(png)}`]);
  });
});

test('a second attempt with another boundary is the same request', async () => {
  const { storage } = await tempStorage();
  const body = form(...fields, file('input_reference', png), text('metadata[seed]', '7'));
  const again = Buffer.from(body.toString('latin1').replaceAll('cut-here', 'other-cut'), 'latin1');
  const otherHeaders = { 'content-type': 'multipart/form-data; boundary="other-cut"' };
  const first = await readCreateBody(post(body, formHeaders), { format: 'videos', storage });
  const second = await readCreateBody(post(again, otherHeaders), { format: 'videos', storage });
  expect(requestDigest(second.request)).toBe(requestDigest(first.request));
});

test('a file and its data URI are the same request', async () => {
  const { storage } = await tempStorage();
  const image_url = `data:image/png;base64,${png.toString('base64')}`;
  const whole = { model: 'sora-2', prompt: 'A cat', input_reference: { image_url } };
  const bodies = [
    post(form(...fields, file('input_reference', png)), formHeaders),
    post(form(...fields, text('input_reference[image_url]', image_url)), formHeaders),
    post(JSON.stringify(whole)),
  ];
  const reads = bodies.map((body) => readCreateBody(body, { format: 'videos', storage }));
  const digests = (await Promise.all(reads)).map(({ request }) => requestDigest(request));
  expect(new Set(digests).size).toBe(1);
});

describe('a file that is too large', () => {
  async function refused(sizeBytes: number, start: Uint8Array = png) {
    const { storage, files } = await tempStorage();
    const body = largeForm(sizeBytes, start);
    const error = await refusal(
      readCreateBody(post(body, formHeaders), { format: 'videos', storage }),
    );
    expect(await files()).toEqual([]);
    return error;
  }

  test('for an image is refused with 400', async () => {
    const error = await refused(maxImageBytes + 1);
    expect(error).toMatchObject({ status: 400, options: { param: 'input_reference' } });
    expect(error.message).toMatch(/more than 20971520 bytes/);
  });

  test('for a form is refused with 413, also if it is no image', { timeout: 30_000 }, async () => {
    expect(await refused(100_000_001)).toMatchObject({ status: 413, code: 'request_too_large' });
    const other = await refused(100_000_001, Buffer.from('something else'));
    expect(other).toMatchObject({ status: 413, code: 'request_too_large' });
  });

  test('is not one of exactly the limit', async () => {
    const { storage, files } = await tempStorage();
    const request = post(largeForm(maxImageBytes, png), formHeaders);
    await readCreateBody(request, { format: 'videos', storage });
    const [name = ''] = await files();
    expect(await storage.head(name)).toEqual({ sizeBytes: maxImageBytes });
  });
});
