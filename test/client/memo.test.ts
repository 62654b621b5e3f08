import { expect, test } from 'vitest';
import { startVideo } from '../../src/client/start-video.ts';
import { readRequestMemo } from '../../src/contract/request-memo.ts';
import { createFakeClient } from '../fakes/fake-client.ts';

const request = {
  format: 'videos' as const,
  body: { model: 'sora-2', prompt: 'a lighthouse', seconds: '8', size: '1280x720' },
};

test('a start writes what lists show into the memo of its run, beside what the caller adds', async () => {
  const { client, calls } = createFakeClient({ start: ['run-1'] });
  await startVideo({ client }, request, { key: 'demo', tags: ['drafts'], memo: { order: 7 } });
  const { given } = calls.find(({ name }) => name === 'start') ?? { given: [] };
  const { memo } = given[1] as { memo: Record<string, unknown> };
  expect(memo['order']).toBe(7);
  expect(readRequestMemo(memo)).toEqual({
    model: 'sora-2',
    prompt: 'a lighthouse',
    seconds: '8',
    size: '1280x720',
    tags: ['drafts'],
  });
});
