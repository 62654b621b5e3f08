import { describe, expect, test } from 'vitest';
import { keyProblem, spellingsOf } from '../../src/contract/key-text.ts';
import { rowKey } from '../../src/manifest/rows/row-names.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { videoId } from '../../src/identity/workflow-id.ts';

const request: VideoRequest = { format: 'videos', body: { model: 'm', prompt: 'p' } };

describe("a caller's key", () => {
  test.each([
    ['nothing', ''],
    ['blanks', ' \t'],
    ['a leading space', ' a'],
    ['a trailing space', 'a\u00a0'],
    ['a line break', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['a NUL', 'a\0b'],
    ['a direction mark', 'a\u202eb'],
    ['an isolate', 'a\u2066b'],
    ['a zero-width space', 'a\u200bb'],
    ['a byte order mark', '\ufeffa'],
    ['half a character', 'a\ud83d'],
    ['the suffix of a take', 'a/take-2'],
    ['the suffix of a resubmit', 'a/resubmit-2'],
  ])('with %s is refused by client and manifest alike', (_, key) => {
    expect(keyProblem(key)).not.toBeNull();
    expect(() => videoId(request, { key })).toThrow(RangeError);
    expect(() => rowKey(key)).toThrow();
  });

  test.each(['a', 'a b', 'launch/shot 1', 'caf\u00e9', '日本', 'a/resubmit', 'a/take-two', '1.5'])(
    '"%s" is accepted by both',
    (key) => {
      expect(videoId(request, { key })).toBe(`video/${key}`);
      expect(rowKey(key)).toBe(key);
    },
  );

  test('in two Unicode spellings is one key', () => {
    const decomposed = 'caf\u00e9'.normalize('NFD');
    expect(videoId(request, { key: decomposed })).toBe('video/caf\u00e9');
    expect(rowKey(decomposed)).toBe('caf\u00e9');
  });

  test('of a row is refused if it ends like a take or a resubmit', () => {
    expect(() => rowKey('take-2')).toThrow('ends like a take');
    expect(() => rowKey('resubmit-2')).toThrow('ends like a resubmit');
  });
});

test('is looked up in its current spelling first, and a plain key has only one spelling', () => {
  expect(spellingsOf('video/demo')).toEqual(['video/demo']);
  const decomposed = '\u00e9'.normalize('NFD');
  expect(spellingsOf(decomposed)).toEqual(['\u00e9', decomposed]);
  expect(spellingsOf('\u00e9')).toEqual(['\u00e9', decomposed]);
});
