import { expect, test } from 'vitest';
import { utf8Bytes } from '../../src/contract/cut-text.ts';
import { readRequestMemo, requestMemo, requestMemoName } from '../../src/contract/request-memo.ts';

test('a memo reads as it was written', () => {
  const memo = requestMemo({ model: 'kling-v1', prompt: 'a cat', duration: 5 }, ['drafts']);
  expect(readRequestMemo({ [requestMemoName]: memo, requestDigest: 'd' })).toEqual({
    model: 'kling-v1',
    prompt: 'a cat',
    seconds: '5',
    size: '',
    tags: ['drafts'],
  });
});

test('a long prompt is cut between two characters', () => {
  const { prompt } = requestMemo({ model: 'm', prompt: `${'a'.repeat(4_095)}猫` });
  expect(prompt).toBe('a'.repeat(4_095));
  const { prompt: chinese } = requestMemo({ model: 'm', prompt: '猫'.repeat(5_000) });
  expect(utf8Bytes(chinese ?? '')).toBe(4_095);
});

test('the memo of an earlier version has no tags', () => {
  const http = { model: 'sora-2', prompt: null, seconds: '4', size: '1280x720' };
  expect(readRequestMemo({ http })).toEqual({ ...http, tags: [] });
});

test.each([undefined, {}, { http: 'text' }, { http: { model: {}, prompt: 1, tags: 'drafts' } }])(
  'the memo %j of a run that was started by name is empty',
  (memo) => {
    const empty = { model: '', prompt: null, seconds: '', size: '', tags: [] };
    expect(readRequestMemo(memo)).toEqual(empty);
  },
);
