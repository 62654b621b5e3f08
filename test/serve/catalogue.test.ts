import { expect, test } from 'vitest';
import { catalogIds } from '../../src/contract/models/catalog.ts';
import {
  modelListSchema,
  modelSchema,
  quoteSchema,
} from '../../src/serve/api/catalogue-schemas.ts';
import { errorSchema } from '../../src/serve/api/error-schemas.ts';
import { plainApp } from './plain-app.ts';

const kling = { model: 'kling-v1', prompt: 'A cat naps in the sun', duration: 5 };

test('the list of models has every model of the catalogue once, with its facts', async () => {
  const { call } = await plainApp();
  const { json } = await call('GET', '/v1/models');
  const { data } = modelListSchema.parse(json);
  expect(data.map(({ id }) => id)).toEqual(catalogIds());
  const priced = data.find(({ id }) => id === 'SD2.5 720P');
  expect(priced?.onetake).toMatchObject({
    price: [{ resolution: null, per_second: 0.95 }],
    prices: { from: 'catalogue', date: '2026-09-17' },
  });
});

test('a model is found by its id, with spaces escaped', async () => {
  const { call } = await plainApp();
  const { status, json } = await call('GET', '/v1/models/SD2.5%20720P');
  expect(status).toBe(200);
  expect(modelSchema.parse(json).id).toBe('SD2.5 720P');
});

test('a model that the catalogue lacks is 404', async () => {
  const { call } = await plainApp();
  const { status, json } = await call('GET', '/v1/models/none');
  expect(status).toBe(404);
  expect(errorSchema.parse(json).error).toMatchObject({ code: 'model_not_found', param: 'model' });
});

test('a quote says what is made and what it costs at most, and starts nothing', async () => {
  const { call, calls } = await plainApp();
  const body = { model: 'SD2.5 720P', prompt: 'A kite', seconds: '5' };
  const { status, json } = await call('POST', '/v1/quote', body);
  expect(status).toBe(200);
  expect(quoteSchema.parse(json)).toMatchObject({
    makes: { seconds: 5, resolution: '720p' },
    refusals: [],
    cost: { money: 4.75, seconds: 5, prices: { from: 'catalogue' } },
  });
  expect(calls).toEqual([]);
});

test('a quote reads the body of the other shape if the format says so', async () => {
  const { call } = await plainApp();
  const { json } = await call('POST', '/v1/quote?format=generations', kling);
  expect(quoteSchema.parse(json)).toMatchObject({ format: 'generations', makes: { seconds: 5 } });
});

test('a quote of a request that would be refused says why, and has no cost', async () => {
  const { call } = await plainApp();
  const body = { model: 'SD2.5 720P', prompt: 'A kite', seconds: '31' };
  const { status, json } = await call('POST', '/v1/quote', body);
  expect(status).toBe(200);
  const { refusals, cost } = quoteSchema.parse(json);
  expect(refusals.map(({ field }) => field)).toEqual(['seconds']);
  expect(cost).toEqual({ money: null, seconds: null, prices: null });
});

test('a quote stores no image of its body', async () => {
  const { call, storage } = await plainApp();
  const image = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000000d', 'hex').toString('base64')}`;
  const body = { model: 'sora-2', prompt: 'A kite', input_reference: { image_url: image } };
  const { status } = await call('POST', '/v1/quote', body);
  expect(status).toBe(200);
  const stored: string[] = [];
  for await (const { key } of storage.list('')) stored.push(key);
  expect(stored).toEqual([]);
});

test.each([
  ['no model', '/v1/quote', { prompt: 'A kite' }, 'model'],
  ['an unknown format', '/v1/quote?format=xml', kling, 'format'],
])('a quote with %s is 400', async (_, path, body, param) => {
  const { call } = await plainApp();
  const { status, json } = await call('POST', path, body);
  expect(status).toBe(400);
  expect(errorSchema.parse(json).error.param).toBe(param);
});
