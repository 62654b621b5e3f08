import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentDisposition } from '../../../src/serve/content/content-disposition.ts';

test.each([
  ['video_1f.mp4', 'inline; filename="video_1f.mp4"'],
  ['a b.mp4', 'inline; filename="a b.mp4"'],
  ['猫.mp4', `inline; filename="_.mp4"; filename*=UTF-8''%E7%8C%AB.mp4`],
  ["é(1)'.mp4", `inline; filename="_(1)'.mp4"; filename*=UTF-8''%C3%A9%281%29%27.mp4`],
  ['a"; x="\r\n../b', 'inline; filename="a_; x=___.._b"'],
])('the file name %j gives %s', (name, expected) => {
  expect(contentDisposition(name)).toBe(expected);
});

test('any file name gives a header with two parameters at most, which no character of it ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const header = contentDisposition(name);
      expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(
        header,
      );
      expect(header).toMatch(
        /^inline; filename="[^"\\\p{Cc}]*"(; filename\*=UTF-8''[\w.!#$&+^`|~%-]+)?$/u,
      );
    }),
    { numRuns: 500 },
  );
});
