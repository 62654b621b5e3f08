import { describe, expect, test } from 'vitest';
import { copyName } from '../../src/cli/batch-results.ts';

describe('the name of a copy', () => {
  test.each([
    ['cat-42', 'cat-42.mp4'],
    ['夏日/海滩 一号', '夏日-海滩-一号.mp4'],
    ['Übung №7', 'Übung-7.mp4'],
    ['cafe\u0301', 'café.mp4'],
    ['हिन्दी', 'हिन्दी.mp4'],
    ['../etc', 'etc.mp4'],
    ['🙂', 'video.mp4'],
  ])('keeps letters and digits of all scripts: %s', (key, name) => {
    expect(copyName(key, 'videos/a.mp4')).toBe(name);
  });

  test('has the ending of the stored file', () => {
    expect(copyName('cat', 'videos/cat-1f.webm')).toBe('cat.webm');
  });

  test('is no longer than file systems take', () => {
    expect(Buffer.byteLength(copyName('海'.repeat(100), 'videos/a.mp4'))).toBeLessThanOrEqual(204);
  });
});
