import { expect, test } from 'vitest';
import { createRetentionReader, expiresAt } from '../../src/serve/videos/expiry.ts';

const day = 86_400_000;
const status = {
  videoId: 'video/@acme/video_1',
  phase: 'stored' as const,
  billed: 'yes' as const,
  startedAt: '2026-11-30T00:00:00Z',
  live: false,
  model: 'sora-2',
};
const stored = { status, completedAt: 1_000 };

test.each([
  ['is when the rule of retention prunes it', { olderThanMs: day }, 1_000 + 86_400],
  ['follows a rule for its model', { olderThanMs: day, model: 'sora-2' }, 1_000 + 86_400],
  ['is unknown with a rule for another model', { olderThanMs: day, model: 'kling-v1' }, null],
  ['is unknown with a rule for a tag', { olderThanMs: day, tag: 'drafts' }, null],
  ['is unknown without a rule', null, null],
])('the expiry of a stored video %s', (_, rule, expected) => {
  expect(expiresAt(stored, rule)).toBe(expected);
});

test('a video that is not stored does not expire', () => {
  expect(expiresAt({ status, completedAt: null }, { olderThanMs: day })).toBeNull();
});

test('the rule is read once a minute, and an error is no rule', async () => {
  const clock = { ms: 0 };
  let reads = 0;
  const read = createRetentionReader(
    async () => {
      reads += 1;
      if (reads === 1) throw new Error('no answer');
      return { olderThanMs: reads };
    },
    () => clock.ms,
  );
  expect(await read()).toBeNull();
  clock.ms = 59_999;
  expect(await read()).toBeNull();
  clock.ms = 60_000;
  expect(await read()).toEqual({ olderThanMs: 2 });
});
