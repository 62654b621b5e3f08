import { describe, expect, test } from 'vitest';
import {
  checkedRequest,
  givenBody,
  requestFromFlags,
  type RequestFlags,
} from '../../src/cli/video/build-request.ts';
import { maxRequestBytes } from '../../src/contract/video-request.ts';

const cat: RequestFlags = { prompt: 'A cat', model: 'kling-v1' };

describe('requestFromFlags()', () => {
  test('takes the videos route unless told otherwise', () => {
    expect(requestFromFlags(cat)).toEqual({
      format: 'videos',
      body: { model: 'kling-v1', prompt: 'A cat' },
    });
  });

  test('sends the length as an integer, and to Sora as text in seconds', () => {
    const kling = requestFromFlags({ ...cat, duration: '5' });
    const sora = requestFromFlags({ ...cat, model: 'sora-2', duration: '8' });
    expect(kling.body).toMatchObject({ duration: 5 });
    expect(sora.body).toMatchObject({ seconds: '8' });
    expect(sora.body).not.toHaveProperty('duration');
  });

  test.each([
    ['kling-v1', 'videos', ['a'], { image: 'a' }],
    ['viduq1', 'generations', ['a', 'b'], { images: ['a', 'b'] }],
    ['sora-2', 'videos', ['a'], { input_reference: 'a' }],
    ['sora-2', 'generations', ['a'], { image: 'a' }],
  ])(
    'puts the images of %s on the %s route where they are read',
    (model, format, image, fields) => {
      expect(requestFromFlags({ ...cat, model, format, image }).body).toMatchObject(fields);
    },
  );

  test('needs no prompt beside a picture', () => {
    const request = requestFromFlags({ model: 'grok-imagine-video', image: ['https://a.test/1'] });
    expect(request.body).toEqual({ model: 'grok-imagine-video', image: 'https://a.test/1' });
  });

  test('keeps a model id byte for byte', () => {
    const model = 'Seedance-2.0-720p官方版';
    expect(requestFromFlags({ ...cat, model }).body.model).toBe(model);
  });

  test.each<[string, RequestFlags, RegExp]>([
    ['no prompt', { model: 'kling-v1' }, /no prompt/],
    ['a blank prompt', { ...cat, prompt: '  ' }, /no prompt/],
    ['no model', { prompt: 'A cat' }, /no model/],
    ['an unknown format', { ...cat, format: 'openai' }, /"openai".*generations or videos/],
    ['a fraction of a second', { ...cat, duration: '3.5' }, /duration "3.5"/],
    ['metadata that is a list', { ...cat, metadata: '[1]' }, /JSON object/],
    ['broken metadata', { ...cat, metadata: '{' }, /not JSON/],
    ['two images for Kling', { ...cat, image: ['a', 'b'] }, /one image, not 2/],
    ['sound off where it is always on', { ...cat, model: 'SD2.0', audio: false }, /always on/],
    [
      'a ratio that metadata says as well',
      { ...cat, ratio: '16:9', metadata: '{"aspect_ratio":"1:1"}' },
      /"metadata.aspect_ratio".*only one/,
    ],
    ['two images for Sora', { ...cat, model: 'sora-2', image: ['a', 'b'] }, /one image, not 2/],
  ])('refuses %s', (_, flags, message) => {
    expect(() => requestFromFlags(flags)).toThrow(message);
  });
});

const fromBody = (...given: Parameters<typeof givenBody>) => checkedRequest(givenBody(...given));

describe('the request of a body', () => {
  const body = { model: 'viduq1', prompt: 'A city', metadata: { bgm: true }, unheardOf: [1] };

  test('passes a gateway body through unchanged', () => {
    const request = fromBody(JSON.stringify(body), 'generations');
    expect(request).toEqual({ format: 'generations', body });
  });

  test('takes a whole request with its own format', () => {
    const text = JSON.stringify({ format: 'generations', body });
    expect(fromBody(text)).toEqual({ format: 'generations', body });
    expect(() => fromBody(text, 'videos')).toThrow(/give only one/);
  });

  test.each([
    ['{"model":', /not JSON/],
    ['[]', /body/],
    ['{"prompt":"p"}', /"body.model"/],
    ['{"format":"videos","body":{"model":"m","prompt":"p"},"more":1}', /request/],
  ])('refuses %s', (text, message) => {
    expect(() => fromBody(text)).toThrow(message);
  });
});

test('checkedRequest() refuses what does not fit into a workflow input', () => {
  const request = requestFromFlags({ ...cat, prompt: 'x'.repeat(maxRequestBytes) });
  expect(() => checkedRequest(request)).toThrow(/more than 262144/);
});
