import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { videoId } from '../../src/identity/workflow-id.ts';

const request: VideoRequest = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a lighthouse', seconds: '4', metadata: { b: 1, a: [1, 2] } },
};

/** The same JSON with the fields of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

const anyRequest = fc
  .dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }))
  .map((fields) => ({ format: 'videos', body: { ...fields, model: 'm', prompt: 'p' } }) as const);

describe('the id of a request without a key', () => {
  test('does not depend on the order of fields, at any depth', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        expect(videoId(reversed(given) as VideoRequest)).toBe(videoId(given));
      }),
    );
  });

  test('is a digest, and looks the same in every version', () => {
    expect(videoId(request)).toMatch(/^video\/[0-9a-f]{64}$/);
    const small = { format: 'videos', body: { model: 'm', prompt: 'p' } } as const;
    expect(videoId(small)).toBe(`video/${requestDigest(small)}`);
  });

  test.each([
    ['the format', { ...request, format: 'generations' }],
    ['the prompt', { ...request, body: { ...request.body, prompt: 'A lighthouse' } }],
    ['a number for text', { ...request, body: { ...request.body, seconds: 4 } }],
    [
      'the order of a list',
      { ...request, body: { ...request.body, metadata: { b: 1, a: [2, 1] } } },
    ],
    ['a field more', { ...request, body: { ...request.body, extra: null } }],
  ])('differs with %s', (_name, other) => {
    expect(videoId(other as VideoRequest)).not.toBe(videoId(request));
  });

  test('survives the way through JSON', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        expect(videoId(JSON.parse(JSON.stringify(given)) as VideoRequest)).toBe(videoId(given));
      }),
    );
  });
});

describe('the id of a key', () => {
  test('is the key, whatever is asked', () => {
    expect(videoId(request, { key: 'launch/row 7' })).toBe('video/launch/row 7');
  });

  test.each(['', ' ', '\n\t', 'x'.repeat(901), '日'.repeat(301)])('is refused for "%s"', (key) => {
    expect(() => videoId(request, { key })).toThrow(RangeError);
  });

  test('has room for the longest key, and stays below the limit of the server', () => {
    const id = videoId(request, { key: '日'.repeat(300), take: 1_000_000 });
    expect(Buffer.byteLength(id)).toBeLessThan(1_000);
  });
});

describe('a take', () => {
  test('is the first one unless said otherwise', () => {
    expect(videoId(request, { key: 'a', take: 1 })).toBe(videoId(request, { key: 'a' }));
    expect(videoId(request, { key: 'a', take: 2 })).toBe('video/a/take-2');
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is never %d', (take) => {
    expect(() => videoId(request, { take })).toThrow(RangeError);
  });

  test('has an id of its own, whatever the keys', () => {
    const keys = ['a', 'a/take', 'b', 'take-2'];
    const ids = keys.flatMap((key) => [1, 2, 3].map((take) => videoId(request, { key, take })));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is not to be had by a key that ends like one', () => {
    expect(() => videoId(request, { key: 'a/take-2' })).toThrow(RangeError);
  });
});
