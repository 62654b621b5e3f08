import { describe, expect, test } from 'vitest';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';
import { wishedBody } from '../../../src/contract/models/wished-body.ts';
import { writeWishes, type Wishes } from '../../../src/contract/models/write-wishes.ts';

describe('a size in pixels, for a model that accepts none', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['grok-imagine-video', '1280x720', { aspect_ratio: '16:9', resolution: '720p' }],
    ['grok-imagine-video-1.5', '1080x1920', { aspect_ratio: '9:16', resolution: '1080p' }],
  ])('%s: %s becomes the equivalent ratio and resolution', (model, size, made) => {
    const { refusals, makes } = evaluateRequest({
      format: 'videos',
      body: wishedBody({ model, format: 'videos', prompt: 'A cat', size }),
    });
    const { aspect_ratio: ratio, resolution } = made;
    expect({ refusals, ...makes }).toMatchObject({ refusals: [], ratio, resolution });
  });

  test.each<[string, Wishes]>([
    ['grok-imagine-video', { size: '848x480' }],
    ['grok-imagine-video', { size: '1920x1080' }],
    ['grok-imagine-video', { size: '1280x720', ratio: '9:16' }],
    ['veo-3.1', { size: '1280x720' }],
    ['an-unknown-model', { size: '1280x720' }],
  ])('%s: %o is kept as written', (model, wishes) => {
    expect(writeWishes({ model, format: 'videos' }, wishes)).toMatchObject({ size: wishes.size });
  });
});

describe('wishes for a gateway without plugins', () => {
  test.each<[string, Wishes]>([
    ['kling-v1', { seconds: 5, size: '1280x720' }],
    ['viduq1', { seconds: 5 }],
    ['sora-2', { seconds: 8, size: '1280x720' }],
    ['wan2.5-t2v-preview', { seconds: 5 }],
    ['MiniMax-Hailuo-02', { seconds: 6 }],
    ['doubao-seedance-1-0-pro-250528', { seconds: 5, ratio: '16:9' }],
    ['doubao-seedance-2-0-260128', { seconds: 5, ratio: '16:9' }],
    ['minimax-h3-768p', { seconds: 5, ratio: '16:9' }],
  ])('%s: %o are written by its rules, and nothing is dropped', (model, wishes) => {
    const body = wishedBody({
      model,
      format: 'videos',
      host: 'classic',
      prompt: 'A cat',
      ...wishes,
    });
    const { refusals, warnings } = evaluateRequest({ format: 'videos', body }, { host: 'classic' });
    expect({ refusals, dropped: warnings.filter(({ effect }) => effect === 'dropped') }).toEqual({
      refusals: [],
      dropped: [],
    });
  });

  test('a name that only plugins serve gets the fields that most models read', () => {
    const target = { model: 'grok-imagine-video', format: 'videos', host: 'classic' } as const;
    expect(writeWishes(target, { ratio: '16:9', seconds: 5 })).toEqual({
      ratio: '16:9',
      duration: 5,
    });
  });
});
