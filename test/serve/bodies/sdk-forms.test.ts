import fc from 'fast-check';
import OpenAI, { toStreamingFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { catalogIds } from '../../../src/contract/models/catalog.ts';
import { requestDigest } from '../../../src/identity/request-digest.ts';
import { readCreateBody, type CreateBody } from '../../../src/serve/bodies/read-create-body.ts';
import type { VideoStorage } from '../../../src/storage/video-storage.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { exampleBodies } from './example-bodies.ts';
import { form, formHeaders, png, post, text } from './bodies.ts';

type Sent = Parameters<OpenAI['videos']['create']>[0];

/** What the server reads from the bytes that the SDK sends. */
async function sentBySdk(body: object, storage: VideoStorage): Promise<CreateBody> {
  const reads: CreateBody[] = [];
  const send = async (url: string | URL | Request, init?: RequestInit) => {
    const request = new Request(url, init);
    expect(request.headers.get('content-type')).toMatch(/^multipart\/form-data/);
    reads.push(await readCreateBody(request, { format: 'videos', storage }));
    return Response.json({ id: 'video_1', object: 'video', status: 'queued' });
  };
  const client = new OpenAI({
    apiKey: 'sk-test',
    baseURL: 'http://127.0.0.1/v1',
    maxRetries: 0,
    fetch: Object.assign(send, { Response }),
  });
  await client.videos.create(body as Sent);
  const [read] = reads;
  if (!read) throw new Error('The SDK has sent nothing');
  return read;
}

function sentAsJson(body: object, storage: VideoStorage): Promise<CreateBody> {
  return readCreateBody(post(JSON.stringify(body)), { format: 'videos', storage });
}

describe('a form of the SDK is the same request as the equal JSON', () => {
  const video = exampleBodies.map(({ name, body }) => ({ name, body }));

  test.each([
    ...video,
    {
      name: 'of OpenAI',
      body: {
        model: 'sora-2',
        prompt: 'Two lines:\na cat, "naps" 100%',
        seconds: '4',
        size: '720x1280',
        input_reference: { image_url: 'https://example.com/cat.png' },
      },
    },
    {
      name: 'with lists of objects',
      body: {
        model: 'doubao-seedance-2-0-260128',
        seconds: '5',
        metadata: {
          ratio: '16:9',
          content: [
            { type: 'text', text: 'A cat' },
            { type: 'image_url', image_url: { url: 'https://a/b.png' }, tags: ['x', 'y'] },
            { type: 'image_url', image_url: { url: 'https://a/c.png' } },
          ],
          generate_audio: false,
          watermark: true,
        },
      },
    },
    {
      name: 'with parameters of the vendor',
      body: {
        model: 'wan3.0-video',
        prompt: 'A cat',
        duration: -1,
        metadata: { parameters: { seed: 7, prompt_extend: true, size: '1280*720' } },
      },
    },
    {
      name: 'with values that only look like numbers',
      body: {
        model: 'sora-2',
        prompt: '5',
        seconds: '08',
        size: '1',
        metadata: { note: '1e3', seed: '007' },
      },
    },
    {
      name: 'with our own fields',
      body: { model: 'm', onetake: { tags: ['a', 'b'], priority: 'batch' } },
    },
  ])('a body $name', async ({ body }) => {
    const { storage } = await tempStorage();
    const read = await sentBySdk(body, storage);
    const json = await sentAsJson(body, storage);
    expect(read).toEqual(json);
    expect(requestDigest(read.request)).toBe(requestDigest(json.request));
  });

  test('any body of known and unknown fields', { timeout: 20_000 }, async () => {
    const { storage } = await tempStorage();
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const read = await sentBySdk(body, storage);
        expect(read).toEqual(await sentAsJson(body, storage));
      }),
      { numRuns: 80 },
    );
  });
});

describe('a file of the SDK is the same request', () => {
  test('as a file, as a stream, and as a data URI', async () => {
    const { storage } = await tempStorage();
    const image_url = `data:image/png;base64,${png.toString('base64')}`;
    const stream = toStreamingFile(
      ReadableStream.from([png.subarray(0, 9), png.subarray(9)]),
      'cat.bin',
    );
    const forms = [new File([new Uint8Array(png)], 'cat.png'), stream, { image_url }];
    const digests: string[] = [];
    for (const input_reference of forms) {
      const body = { model: 'sora-2', prompt: 'A cat', seconds: '4', input_reference };
      digests.push(requestDigest((await sentBySdk(body, storage)).request));
    }
    expect(new Set(digests).size).toBe(1);
  });
});

describe('texts of a form get the types of JSON', () => {
  async function bodyOf(...parts: readonly (readonly [string, string])[]) {
    const { storage } = await tempStorage();
    const fields = parts.map(([name, value]) => text(name, value));
    const { request } = await readCreateBody(post(form(...fields), formHeaders), {
      format: 'videos',
      storage,
    });
    return request.body;
  }

  test.each([
    ['a length', 'kling-v1', ['duration', '5'], { duration: 5 }],
    ['a length that is none', 'kling-v1', ['duration', '5s'], { duration: '5s' }],
    [
      'a length beyond exact numbers',
      'kling-v1',
      ['duration', '9007199254740993'],
      { duration: '9007199254740993' },
    ],
    ['seconds', 'sora-2', ['seconds', '4'], { seconds: '4' }],
    ['the switch for sound', 'SD2.5 720P', ['generate_audio', 'false'], { generate_audio: false }],
    ['a switch that is none', 'SD2.5 720P', ['generate_audio', 'yes'], { generate_audio: 'yes' }],
    ['a seed below metadata', 'SD2.5 720P', ['metadata[seed]', '7'], { metadata: { seed: 7 } }],
    ['a count that must be 1', 'veo-3.1', ['n', '1'], { n: 1 }],
    [
      'a field that is text in this model',
      'SD2.5 720P',
      ['metadata[quality]', '720'],
      { metadata: { quality: '720' } },
    ],
    ['an unknown field', 'sora-2', ['metadata[take]', '7'], { metadata: { take: '7' } }],
    [
      'one image where a list is read',
      'veo-3.1',
      ['images', 'https://a/b'],
      { images: ['https://a/b'] },
    ],
    [
      'a JSON list where a list is read',
      'veo-3.1',
      ['images', '["https://a/b"]'],
      { images: ['https://a/b'] },
    ],
    ['metadata as JSON', 'kling-v1', ['metadata', '{"seed":7}'], { metadata: { seed: 7 } }],
    ['metadata that is no JSON', 'kling-v1', ['metadata', 'seed 7'], { metadata: 'seed 7' }],
    ['an unknown model’s seed', 'a-new-model', ['seed', '7'], { seed: 7 }],
  ] as const)('%s', async (_, model, part, expected) => {
    expect(await bodyOf(['model', model], part)).toEqual({ model, ...expected });
  });
});

/** Form encoding has no null, no empty list and no empty object, and turns CRLF into LF. */
const anyText = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((value) => !/[\r\0]|\p{Cs}/u.test(value));
const anyName = fc.stringMatching(/^[a-z][a-z_]{0,9}$/).filter((name) => name !== 'constructor');
/** Names without a type, so that their values are texts. */
const untyped = anyName.map((name) => `x_${name}`);

const textTree = fc.letrec<{ tree: unknown; object: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.array(anyText, { minLength: 1, maxLength: 3 }),
    tie('object'),
    // Each entry begins with the same name: only so can a form tell entries apart.
    fc
      .array(fc.tuple(anyText, tie('object')), { minLength: 1, maxLength: 3 })
      .map((entries) => entries.map(([type, more]) => ({ type, more }))),
  ),
  object: fc.dictionary(untyped, tie('tree'), { minKeys: 1, maxKeys: 3 }),
}));

const anyBody = fc
  .record(
    {
      model: fc.constantFrom(...catalogIds().filter((id) => id.trim() === id), 'a-new-model'),
      prompt: anyText,
      seconds: fc.integer({ min: 1, max: 20 }).map(String),
      duration: fc.oneof(
        fc.integer({ min: -1, max: 3600 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      size: fc.constantFrom('1280x720', '720p', '16:9'),
      seed: fc.integer(),
      metadata: textTree.object,
    },
    { requiredKeys: ['model'] },
  )
  .filter(
    ({ duration }) =>
      duration === undefined || !Number.isInteger(duration) || Number.isSafeInteger(duration),
  );
