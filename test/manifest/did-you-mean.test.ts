import { expect, test } from 'vitest';
import { didYouMean } from '../../src/manifest/rows/did-you-mean.ts';
import { unknownModel } from '../../src/manifest/rows/unknown-model.ts';
import { models } from '../../src/sandbox-gateway/vendors/families.ts';

const listed = [...models.keys()];

test.each([
  ['klign-v1', '"kling-v1"'],
  ['kling-v2-mster', '"kling-v2-master"'],
  ['sd2.5 720p', '"SD2.5 720P" or "SD2.0 720P"'],
  ['Seedance-2.5-720p官方', '"Seedance-2.5-720p官方版" or "Seedance-2.0-720p官方版"'],
  ['minimax', '"MiniMax-Hailuo-02" or "MiniMax-Hailuo-2.3"'],
  ['veo-3.1-fast-generate', '"veo-3.1-fast-generate-preview"'],
])('of the model names listed, %j is nearest to %s', (word, names) => {
  expect(didYouMean(word, listed)).toBe(`; did you mean ${names}?`);
});

test.each(['gpt-4o', 'flux', '模型', 'x'.repeat(10_000)])(
  'a word that is near to no name gets no suggestion: %.20j',
  (word) => {
    expect(didYouMean(word, listed)).toBe('');
  },
);

test('a model without a near name is told what a short list has, and of a long one how much', () => {
  expect(unknownModel('gpt-4o', ['sora-2', 'kling-v1'])).toBe(
    'Model "gpt-4o" is not among the 2 models that this API key may use; available are "sora-2", "kling-v1"',
  );
  expect(unknownModel('gpt-4o', listed)).toBe(
    `Model "gpt-4o" is not among the ${listed.length} models that this API key may use`,
  );
});

test('what is said of a model is one short line, whatever was asked for and whatever is listed', () => {
  const words = unknownModel(`a\n${'b'.repeat(5_000)}`, ['c\nd', 'e'.repeat(5_000)]);
  expect(words).not.toContain('\n');
  expect(words.length).toBeLessThan(600);
});
