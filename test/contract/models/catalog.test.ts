import { describe, expect, test } from 'vitest';
import { candidatesOf, catalog } from '../../../src/contract/models/catalog.ts';
import { catalogPrice } from '../../../src/contract/models/catalog-price.ts';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';
import { pluginSchema } from './catalog-schema.ts';

describe('the model catalogue', () => {
  test.each(catalog)('of $plugin has the form of a catalogue file', (plugin) => {
    expect(pluginSchema.safeParse(plugin).error).toBeUndefined();
  });

  test('names each plugin once, and each id once per plugin', () => {
    expect(new Set(catalog.map(({ plugin }) => plugin)).size).toBe(catalog.length);
    for (const { models } of catalog) {
      const ids = models.flatMap((model) => model.ids);
      expect(ids).toEqual([...new Set(ids)]);
    }
  });

  test('compares ids byte for byte, and matches an exact id before a pattern', () => {
    expect(candidatesOf('sd2.5')).toEqual([]);
    expect(candidatesOf('SD2.5 ')).toEqual([]);
    expect(candidatesOf('kling-v2-master')[0]?.model.ids).toEqual(['kling-v2-master']);
    expect(candidatesOf('kling-v1')[0]?.model.ids).toEqual(['kling-v*']);
  });
});

/** Bodies that every plugin of the name reads alike. */
const safe: { model: string; [field: string]: unknown }[] = [
  { model: 'SD2.5 720P', duration: 5, ratio: '16:9' },
  { model: 'SD2.5', duration: 5, ratio: '16:9', resolution: '720p' },
  {
    model: 'kling-3.0-turbo-1080p',
    duration: 5,
    ratio: '16:9',
    metadata: { firstFrame: 'https://files.example/a.png' },
  },
  {
    model: 'veo-3.1',
    duration: 8,
    ratio: '16:9',
    resolution: '1080p',
    image: 'data:image/png;base64,iVBORw0KGgo=',
  },
  { model: 'gemini-omni-flash', duration: 5, ratio: '9:16' },
  {
    model: 'grok-imagine-video-1.5-1080p',
    duration: 8,
    ratio: '16:9',
    resolution: '1080p',
    image: 'https://files.example/a.png',
  },
  { model: 'minimax-h3-768p', duration: 5, ratio: '16:9', resolution: '768p' },
  { model: 'wan3.0-video-720p', duration: 5, ratio: '16:9' },
  {
    model: 'doubao-seedance-2-0-260128',
    seconds: '5',
    images: ['https://files.example/a.png'],
    metadata: { ratio: '16:9', resolution: '720p' },
  },
  { model: 'wan3.0-video', duration: 5, ratio: '16:9', resolution: '720P' },
];

test.each(safe)('a body that all plugins read alike has no finding: $model', (fields) => {
  const body = { prompt: 'a kite', ...fields };
  const { refusals, warnings, makes } = evaluateRequest({ format: 'videos', body });
  expect([refusals, warnings]).toEqual([[], []]);
  expect(Object.values(makes)).not.toContain('depends');
});

describe('a model name that several plugins can serve', () => {
  const h3 = (fields: object) =>
    evaluateRequest({
      format: 'videos',
      body: { model: 'minimax-h3-768p', prompt: 'a kite', resolution: '768p', ...fields },
    });

  test('is refused only if all of them refuse the request', () => {
    expect(h3({ duration: 2, ratio: '16:9' }).refusals).toEqual([]);
    expect(h3({ duration: 0.5, ratio: '16:9' }).refusals.map(({ field }) => field)).toEqual([
      'duration',
    ]);
  });

  test('reports what depends on the channel, with the field', () => {
    const { makes, warnings } = h3({ ratio: '16:9' });
    expect(makes.seconds).toBe('depends');
    expect(warnings).toEqual([expect.objectContaining({ field: 'duration', effect: 'depends' })]);
    expect(warnings[0]?.message).toMatch(
      /^xm-video: [^;]*4 s[^;]*; minimax-h3, minimax-h3-async, h3-video: [^;]*5 s/,
    );
  });

  test('reports what the accepting plugins agree on', () => {
    const { makes, warnings } = h3({ duration: 2, ratio: '9:16' });
    expect(makes).toMatchObject({ seconds: 2, ratio: '9:16', resolution: '768p' });
    expect(warnings.map(({ field, effect }) => [field, effect])).toEqual([['duration', 'depends']]);
  });
});

test('with sendAnyway every refusal becomes a warning, and the cost is that of the longest length', () => {
  const body = { model: 'SD2.5 720P', prompt: 'p', duration: 31, seed: 'x' };
  const { refusals, warnings, cost } = evaluateRequest(
    { format: 'videos', body },
    { sendAnyway: true, priceOf: catalogPrice },
  );
  expect(refusals).toEqual([]);
  expect(warnings.map(({ field, effect }) => [field, effect])).toEqual([
    ['duration', 'depends'],
    ['seed', 'depends'],
  ]);
  expect(cost).toEqual({ seconds: 31, money: 29.45 });
});

describe('the cost of a request', () => {
  const cost = (model: string, fields: object) =>
    evaluateRequest(
      { format: 'videos', body: { model, prompt: 'a kite', ...fields } },
      { priceOf: catalogPrice },
    ).cost;

  test.each([
    ['SD2.5 720P', { duration: 5 }, { seconds: 5, money: 4.75 }],
    ['SD2.5 720P', {}, { seconds: 5, money: 4.75 }],
    ['veo-3.1', { duration: 8, resolution: '4k' }, { seconds: 8, money: 3 }],
    ['veo-3.1', { duration: 8 }, { seconds: 8, money: 2 }],
    ['wan3.0-video', { duration: -1 }, { seconds: 30 }],
    ['SD2.5', { duration: 5 }, { seconds: 5 }],
    ['no-such-model', { duration: 5 }, { seconds: 5 }],
    ['SD2.5 720P', { duration: 99 }, {}],
  ])('%s %j: %j', (model, fields, expected) => {
    expect(cost(model, fields)).toEqual(expected);
  });

  test('is that of the most expensive plugin that accepts it', () => {
    const priceOf = ({ seconds = 0 }) => seconds;
    const body = { model: 'minimax-h3-768p', prompt: 'p' };
    expect(evaluateRequest({ format: 'videos', body }, { priceOf }).cost.money).toBe(5);
  });
});

test(
  'a request is never changed, whatever it contains, and each finding has a text',
  { timeout: 30_000 },
  () => {
    const odd = [null, '', 0, -1, 1.5, true, 'x', '5', [], [null], {}, { url: 1 }, [[1]]];
    const fields = [
      'duration',
      'seconds',
      'size',
      'ratio',
      'resolution',
      'image',
      'images',
      'seed',
    ];
    const models = catalog.map((each) => (each.models[0]?.ids[0] ?? '').replace('*', '1'));
    const faults: unknown[] = [];
    for (const model of [...models, 'other']) {
      for (const value of odd) {
        for (const field of [...fields, 'metadata', 'prompt', 'video', 'task', 'media']) {
          const body = { model, prompt: 'p', [field]: value, metadata: { [field]: value } };
          const before = JSON.stringify(body);
          const { refusals, warnings } = evaluateRequest({ format: 'videos', body });
          const isSaid = [...refusals, ...warnings].every((each) => each.message !== '');
          if (!isSaid || JSON.stringify(body) !== before) faults.push(body);
        }
      }
    }
    expect(faults).toEqual([]);
  },
);
