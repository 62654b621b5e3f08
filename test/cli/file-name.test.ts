import { describe, expect, test } from 'vitest';
import { copyNames } from '../../src/cli/batch/results.ts';
import { fileName } from '../../src/cli/video/file-name.ts';

describe('a file name made of a key or a prompt', () => {
  test.each([
    ['cat-42', 'cat-42.mp4'],
    ['夏日/海滩 一号', '夏日-海滩-一号.mp4'],
    ['一只猫在雪地里奔跑，镜头缓缓拉远。', '一只猫在雪地里奔跑-镜头缓缓拉远.mp4'],
    ['Übung №7', 'Übung-7.mp4'],
    ['cafe\u0301', 'café.mp4'],
    ['हिन्दी', 'हिन्दी.mp4'],
    ['../etc', 'etc.mp4'],
    ['🙂', 'video.mp4'],
    ['☺\uFE0F sun', 'sun.mp4'],
  ])('keeps letters and digits of all scripts: %s', (text, name) => {
    expect(fileName(text, '.mp4')).toBe(name);
  });

  test.each([
    ['CON', '_CON.mp4'],
    ['nul.v2', '_nul.v2.mp4'],
    ['com1', '_com1.mp4'],
    ['console', 'console.mp4'],
    ['a cat. ', 'a-cat.mp4'],
    ['what? "yes": <no>|*', 'what-yes-no.mp4'],
    ['line\r\nbreak\u0000', 'line-break.mp4'],
  ])('is one that Windows takes: %j', (text, name) => {
    expect(fileName(text, '.mp4')).toBe(name);
  });

  test.each(['海'.repeat(400_000), 'a\u0301'.repeat(500), `${'b'.repeat(199)}海`])(
    'is no longer than file systems take, and ends with a whole letter',
    (text) => {
      const name = fileName(text, '.mp4');
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(204);
      expect(text.normalize('NFC').startsWith(name.slice(0, -4))).toBe(true);
      expect(name).not.toContain('\uFFFD');
    },
  );
});

describe('the names of the copies of a batch', () => {
  const row = (key: string, output?: string) => ({
    key,
    video: { key: `videos/${key}.webm` },
    ...(output !== undefined && { output }),
  });

  test('have the ending of the stored file', () => {
    expect(copyNames([row('夏日 一号')])).toEqual(['夏日-一号.webm']);
  });

  test('are those of the rows that name a file', () => {
    expect(copyNames([row('a', 'first.mp4')])).toEqual(['first.mp4']);
  });

  test('differ for keys that make the same name on any file system', () => {
    const names = copyNames([row('a/b'), row('a b'), row('A-B'), row('x', 'Y.webm'), row('y')]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(5);
    expect(names).toContain('Y.webm');
  });
});
