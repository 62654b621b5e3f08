import { expect, test } from 'vitest';
import { confirmationWord } from '../../src/studio/videos/short-id.ts';

test.each([
  ['video/cat-42', 'cat-42'],
  [`video/${'ab'.repeat(32)}`, 'abababababab'],
  [`video/@acme/video_${'0f'.repeat(20)}`, /^[0-9a-f]{8}$/],
  ['video/a', /^[0-9a-f]{8}$/],
  ['video/月亮', /^[0-9a-f]{8}$/],
  ['video/a key with spaces', /^[0-9a-f]{8}$/],
])('the word that confirms a decision about %s can be typed: %s', (videoId, word) => {
  expect(confirmationWord(videoId)).toMatch(word);
});
