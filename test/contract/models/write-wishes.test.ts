import { describe, expect, test } from 'vitest';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';
import { writeWishes, type Wishes } from '../../../src/contract/models/write-wishes.ts';

const a = 'https://files.test/a.png';
const b = 'https://files.test/b.png';

function written(model: string, wishes: Wishes) {
  return writeWishes({ model, format: 'videos' }, wishes);
}

describe('writeWishes()', () => {
  test.each<[string, Wishes, Record<string, unknown>]>([
    ['SD2.5 720P', { seconds: 5, ratio: '16:9' }, { duration: 5, ratio: '16:9' }],
    [
      'SD2.5',
      { seconds: 5, ratio: '16:9', resolution: '720p' },
      { duration: 5, ratio: '16:9', resolution: '720p' },
    ],
    [
      'kling-3.0-turbo-1080p',
      { seconds: 5, ratio: '16:9', firstFrame: a },
      { duration: 5, ratio: '16:9', metadata: { firstFrame: a } },
    ],
    [
      'veo-3.1',
      { seconds: 8, ratio: '16:9', resolution: '1080p', images: [a] },
      { duration: 8, ratio: '16:9', resolution: '1080p', image: a },
    ],
    ['gemini-omni-flash', { seconds: 5, ratio: '9:16' }, { duration: 5, ratio: '9:16' }],
    [
      'grok-imagine-video-1.5-1080p',
      { seconds: 8, ratio: '16:9', resolution: '1080p', images: [a] },
      { duration: 8, ratio: '16:9', resolution: '1080p', image: a },
    ],
    [
      'minimax-h3-768p',
      { seconds: 5, ratio: '16:9', resolution: '768P' },
      { duration: 5, ratio: '16:9', resolution: '768p' },
    ],
    ['wan3.0-video-720p', { seconds: 5, ratio: '16:9' }, { duration: 5, ratio: '16:9' }],
    [
      'doubao-seedance-2-0-260128',
      { seconds: 5, ratio: '16:9', resolution: '720p', images: [a] },
      { seconds: '5', images: [a], metadata: { ratio: '16:9', resolution: '720p' } },
    ],
    [
      'wan3.0-video',
      { seconds: 5, ratio: '16:9', resolution: '720p' },
      { duration: 5, ratio: '16:9', resolution: '720P' },
    ],
  ])('%s gets the standard body for its wishes', (model, wishes, body) => {
    expect(written(model, wishes)).toEqual(body);
    const request = { format: 'videos', body: { model, prompt: 'A cat', ...body } } as const;
    expect(evaluateRequest(request).refusals).toEqual([]);
  });

  test.each<[string, Wishes, Record<string, unknown>]>([
    [
      'kling-v1',
      { seconds: 5, ratio: '16:9' },
      { duration: 5, metadata: { aspect_ratio: '16:9' } },
    ],
    ['sora-2', { seconds: 8, images: [a] }, { seconds: '8', input_reference: a }],
    [
      'viduq1',
      { seconds: 5, resolution: '720p' },
      { duration: 5, metadata: { resolution: '720p' } },
    ],
    ['MiniMax-Hailuo-02', { resolution: '1080p' }, { size: '1080P' }],
    ['an-unknown-model', { seconds: 5, ratio: '9:16' }, { duration: 5, ratio: '9:16' }],
  ])('%s, built in or unknown, gets its own fields', (model, wishes, body) => {
    expect(written(model, wishes)).toEqual(body);
  });

  test.each<[string, boolean, Record<string, unknown>]>([
    ['SD2.5', false, { generate_audio: false }],
    ['veo-3.1', false, { generate_audio: false }],
    ['doubao-seedance-2-0-260128', true, { metadata: { generate_audio: true } }],
    ['SD2.0', true, {}],
  ])('%s with sound %s', (model, audio, body) => {
    expect(written(model, { audio })).toEqual(body);
  });

  test.each<[string, Wishes, RegExp]>([
    ['SD2.0', { audio: false }, /no audio: its sound is always on/],
    ['kling-v1', { resolution: '1080p' }, /no resolution/],
    ['sora-2', { ratio: '16:9' }, /no ratio: give the size "1280x720"/],
    ['sora-2', { images: [a, b] }, /one image, not 2/],
    ['kling-v1', { images: [a, b] }, /one image, not 2/],
    ['grok-imagine-video-1.5', { lastFrame: a }, /last frame/],
    ['wan2.7-t2v', { images: [a] }, /does not take a file as image/],
    ['an-unknown-model', { firstFrame: a }, /does not know/],
  ])('%s refuses %o, which it does not read', (model, wishes, message) => {
    expect(() => written(model, wishes)).toThrow(message);
  });
});

describe('pictures with a role', () => {
  test.each<[string, Wishes, Record<string, unknown>]>([
    ['SD2.5 720P', { images: [a] }, { image: a }],
    ['SD2.5 720P', { references: [a, b] }, { metadata: { referenceImages: [a, b] } }],
    ['minimax-h3-768p', { references: [a] }, { metadata: { referenceImages: [a] } }],
    [
      'doubao-seedance-2-0-260128',
      { firstFrame: a, lastFrame: b },
      { metadata: { firstFrame: a, lastFrame: b } },
    ],
    ['doubao-seedance-2-0-260128', { references: [a, b] }, { images: [a, b] }],
    ['grok-imagine-video', { firstFrame: a }, { image: a }],
    ['veo-3.1', { references: [a] }, { images: [a], metadata: { video_mode: 'reference' } }],
    ['gemini-omni-flash', { references: [a] }, { images: [a], task: 'reference_to_video' }],
    ['kling-v1', { firstFrame: a, lastFrame: b }, { image: a, metadata: { image_tail: b } }],
    ['wan3.0-video', { firstFrame: a, lastFrame: b }, { images: [a, b] }],
    [
      'wan3.0-video',
      { references: [a], referenceVideos: [b] },
      {
        metadata: {
          input: {
            media: [
              { type: 'reference_image', url: a },
              { type: 'reference_video', url: b },
            ],
          },
        },
      },
    ],
    [
      'SD2.0 720P',
      { references: [a], referenceVideos: [b], referenceAudios: [a] },
      { metadata: { referenceImages: [a], referenceVideos: [b], referenceAudios: [a] } },
    ],
    ['viduq1', { images: [a] }, { images: [a] }],
    ['MiniMax-Hailuo-02', { images: [a] }, { metadata: { first_frame_image: a } }],
  ])('%s reads %o', (model, wishes, body) => {
    expect(written(model, wishes)).toEqual(body);
  });

  test('two pictures for a model that reads one are refused by the evaluator', () => {
    const model = 'grok-imagine-video-1.5';
    const body = { model, prompt: 'A cat', ...written(model, { images: [a, b] }) };
    expect(evaluateRequest({ format: 'videos', body }).refusals).toMatchObject([
      { message: 'At most 1, not 2' },
    ]);
  });
});
