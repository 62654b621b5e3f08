import { describe, expect, test } from 'vitest';
import { catalog, candidatesOf } from '../../../src/contract/models/catalog.ts';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';
import { readCreateBody } from '../../../src/serve/bodies/read-create-body.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { file, form, formHeaders, png, post, refusal, text } from './bodies.ts';

/** Every id, and one id of each pattern. */
const models = [
  ...new Set(
    catalog
      .flatMap((plugin) => plugin.models.flatMap(({ ids }) => ids))
      .map((id) => id.replace('*', 'x')),
  ),
];

/** Whether some rule of the model reads an image, in any field. */
function takesImages(model: string): boolean {
  return candidatesOf(model).some(({ model: { media } }) => {
    const { images, references, frames } = media;
    return (
      (images !== undefined && images.roles !== 'unused') ||
      references !== undefined ||
      frames !== undefined
    );
  });
}

const address = 'https://example.com/cat.png';
/** The vendor reads no addresses. */
const readsNoAddress = models.filter((model) => /^veo-3\.[01]-(fast-)?generate-/.test(model));

async function read(body: Uint8Array | string, headers?: Record<string, string>) {
  const { storage } = await tempStorage();
  return readCreateBody(post(body, headers), { format: 'videos', storage });
}

function sentWith(model: string, input_reference: unknown) {
  return read(JSON.stringify({ model, prompt: 'A cat', input_reference }));
}

function sentFile(model: string) {
  const parts = [
    text('model', model),
    text('prompt', 'A cat'),
    file('input_reference', png),
  ] as const;
  return read(form(...parts), formHeaders);
}

describe('an image in OpenAI’s form reaches every model of the catalogue that takes images', () => {
  test.each(models.filter(takesImages))('%s reads a file', async (model) => {
    const { request } = await sentFile(model);
    expectRead(request);
  });

  test.each(models.filter(takesImages).filter((model) => !readsNoAddress.includes(model)))(
    '%s reads an address',
    async (model) => {
      const { request } = await sentWith(model, { image_url: address });
      expectRead(request);
    },
  );

  test.each(readsNoAddress)('%s reads no address, and says so', async (model) => {
    const error = await refusal(sentWith(model, { image_url: address }));
    expect(error).toMatchObject({ status: 400, options: { param: 'input_reference' } });
    expect(error.message).toMatch(/data URI/);
  });

  test.each(models.filter((model) => !takesImages(model)))(
    '%s takes no image, and says so',
    async (model) => {
      const error = await refusal(sentFile(model));
      expect(error).toMatchObject({ status: 400, options: { param: 'input_reference' } });
      expect(error.message).toContain(model);
    },
  );
});

function expectRead(request: Parameters<typeof evaluateRequest>[0]): void {
  const { refusals, makes, warnings } = evaluateRequest(request);
  expect(refusals).toEqual([]);
  expect(makes.media.length).toBe(1);
  expect(
    warnings.filter(({ effect, field }) => effect === 'dropped' && !field.startsWith('metadata')),
  ).toEqual([]);
}

test.each([
  ['sora-2', { input_reference: address }],
  ['a-new-model', { input_reference: address }],
  ['SD2.0 720P', { input_reference: address }],
  ['viduq1', { images: [address] }],
  ['doubao-seedance-2-0-260128', { images: [address] }],
  ['MiniMax-Hailuo-02', { metadata: { first_frame_image: address } }],
])('for %s it is written as %j', async (model, fields) => {
  const { request } = await sentWith(model, { image_url: address });
  expect(request.body).toEqual({ model, prompt: 'A cat', ...fields });
});

test('metadata of the caller stays beside it', async () => {
  const body = { model: 'MiniMax-Hailuo-02', metadata: { prompt_optimizer: true } };
  const { request } = await read(
    JSON.stringify({ ...body, input_reference: { image_url: address } }),
  );
  expect(request.body['metadata']).toEqual({ prompt_optimizer: true, first_frame_image: address });
});

test.each([
  ['viduq1', { images: ['https://example.com/other.png'] }, 'images'],
  [
    'MiniMax-Hailuo-02',
    { metadata: { first_frame_image: 'https://example.com/o.png' } },
    'metadata.first_frame_image',
  ],
])('for %s beside the field that it would become is refused', async (model, fields, other) => {
  const error = await refusal(
    read(JSON.stringify({ model, ...fields, input_reference: { image_url: address } })),
  );
  expect(error).toMatchObject({ status: 400, options: { param: 'input_reference' } });
  expect(error.message).toContain(`"${other}"`);
});

test.each([
  ['a text', address],
  ['a list', [address]],
  ['an object of another kind', { url: address }],
  ['null', null],
])('%s is no form of OpenAI, and is sent as it is', async (_, input_reference) => {
  const { request } = await sentWith('viduq1', input_reference);
  expect(request.body['input_reference']).toEqual(input_reference);
});

test('on the generations route everything is sent as it is', async () => {
  const { storage } = await tempStorage();
  const body = {
    model: 'viduq1',
    prompt: 'A cat',
    input_reference: { image_url: address, file_id: 'x' },
  };
  const { request } = await readCreateBody(post(JSON.stringify(body)), {
    format: 'generations',
    storage,
  });
  expect(request.body).toEqual(body);
});
