import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimObjectKey, imageKey, sidecarKey, videoKey } from '../../src/identity/object-key.ts';

const anyId = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => `video/${text}`),
  fc.constantFrom('', '.', '..', '/', '../../etc/passwd', 'video/', 'CON', 'a\0b', '\u202e'),
);

describe('the key of a video', () => {
  test('is safe on every file system, whatever the workflow id', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(videoKey(id)).toMatch(/^videos\/[A-Za-z0-9-]+\.mp4$/);
        expect(videoKey(id).length).toBeLessThan(100);
      }),
    );
  });

  test('differs if the id differs, also on case-insensitive file systems', () => {
    fc.assert(
      fc.property(anyId, anyId, (one, other) => {
        fc.pre(one !== other);
        expect(videoKey(one).toLowerCase()).not.toBe(videoKey(other).toLowerCase());
      }),
    );
  });

  test.each([
    ['video/a', 'video/A'],
    ['video/a', 'a'],
    ['video/a b', 'video/a-b'],
    ['video/é', 'video/e\u0301'],
    [`video/${'x'.repeat(200)}1`, `video/${'x'.repeat(200)}2`],
    ['video/a', 'video/a/take-2'],
  ])('differs for "%s" and "%s", also on a case-insensitive file system', (one, other) => {
    expect(videoKey(one).toLowerCase()).not.toBe(videoKey(other).toLowerCase());
  });

  test('is deterministic and readable', () => {
    expect(videoKey('video/demo')).toBe('videos/demo-c251424a88d450f7.mp4');
    expect(videoKey('video/Launch film #2/take-3')).toMatch(
      /^videos\/Launch-film-2-take-3-[0-9a-f]{16}\.mp4$/,
    );
    expect(videoKey('video/日本')).toMatch(/^videos\/[0-9a-f]{16}\.mp4$/);
  });
});

describe('the key of a video, by example', () => {
  test.each([
    ['path traversal', 'video/../../etc/passwd', /^videos\/etc-passwd-[0-9a-f]{16}\.mp4$/],
    ['an absolute path', '/etc/passwd', /^videos\/etc-passwd-[0-9a-f]{16}\.mp4$/],
    ['a Windows path', 'video/C:\\videos\\a.mp4', /^videos\/C-videos-a-mp4-[0-9a-f]{16}\.mp4$/],
    ['a hidden name', 'video/.unfinished', /^videos\/unfinished-[0-9a-f]{16}\.mp4$/],
    ['control characters', 'video/a\0b\nc\x7f', /^videos\/a-b-c-[0-9a-f]{16}\.mp4$/],
    ['right-to-left text', 'video/a\u202e4pm', /^videos\/a-4pm-[0-9a-f]{16}\.mp4$/],
    ['percent signs', 'video/%2e%2e%2fa', /^videos\/2e-2e-2fa-[0-9a-f]{16}\.mp4$/],
    ['another script', 'video/映画 2', /^videos\/2-[0-9a-f]{16}\.mp4$/],
    ['no readable character', 'video/🎬', /^videos\/[0-9a-f]{16}\.mp4$/],
    ['1,000 bytes', `video/${'x'.repeat(994)}`, /^videos\/x{60}-[0-9a-f]{16}\.mp4$/],
  ])('%s', (_what, id, key) => {
    expect(videoKey(id)).toMatch(key);
  });
});

test('the sidecar of a video is stored next to it', () => {
  expect(sidecarKey('videos/demo-c251424a88d450f7.mp4')).toBe('videos/demo-c251424a88d450f7.json');
  expect(sidecarKey(videoKey('video/a.mp4'))).toMatch(/^videos\/a-mp4-[0-9a-f]{16}\.json$/);
});

test('the key of a claim is as safe, in its own folder', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      expect(claimObjectKey(id)).toMatch(/^claims\/[A-Za-z0-9-]+\.json$/);
    }),
  );
});

test('the key of an image accepts only a SHA-256 in lower-case hex', () => {
  expect(imageKey('0'.repeat(64))).toBe(`images/${'0'.repeat(64)}`);
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (text) => {
      fc.pre(!/^[0-9a-f]{64}$/.test(text));
      expect(() => imageKey(text)).toThrow(RangeError);
    }),
  );
  expect(() => imageKey(`${'0'.repeat(64)}\n`)).toThrow(RangeError);
});
