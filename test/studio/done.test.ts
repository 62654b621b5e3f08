import { expect, test } from 'vitest';
import { studioHarness } from './studio-harness.ts';

const minuteMs = 60_000;

async function noticeAt(query: Record<string, string>, nowMs: number) {
  const { get } = await studioHarness({ ports: () => ({ now: () => nowMs }) });
  const page = await (await get(`/studio/spend/caps?${String(new URLSearchParams(query))}`)).text();
  return page.includes('The limits were changed');
}

test('what an action did is shown for a minute, and not by a later reload or a bookmark', async () => {
  const nowMs = Date.UTC(2026, 10, 30, 12);
  const doneAt = (ms: number) => noticeAt({ done: 'saved', at: String(ms) }, nowMs);
  expect(await doneAt(nowMs)).toBe(true);
  expect(await doneAt(nowMs - minuteMs + 1)).toBe(true);
  expect(await doneAt(nowMs - minuteMs)).toBe(false);
  expect(await doneAt(nowMs + minuteMs)).toBe(false);
});

test.each([{ done: 'saved' }, { done: 'saved', at: '' }, { done: 'saved', at: 'Infinity' }])(
  'the address %j shows no notice',
  async (query) => {
    expect(await noticeAt(query, Date.UTC(2026, 10, 30))).toBe(false);
  },
);
