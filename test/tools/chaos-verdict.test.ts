import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/sandbox-gateway/call-ledger.ts';
import { judge, type Ending } from '../../tools/chaos/verdict.ts';
import type { PlannedVideo } from '../../tools/chaos/plan.ts';

const request: PlannedVideo['request'] = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a cat' },
};
const video = { key: 'chaos-1', scenario: '', request, startAfterMs: 0, harmlessPosts: 0 };
const post = { body: request.body } as unknown as Ledger['posts'][number];

/** An unresolved video whose claim says this, after these POSTs of it. */
function judgeDoubt(claim: string, posts: Ledger['posts'] = []) {
  const status = { phase: 'unresolved' };
  const outcome = { outcome: 'pending', videoId: 'video/chaos-1', reason: 'unresolved', status };
  const doubt = { reason: 'no answer in time', claim };
  const ending = { video, outcome, adopted: false, doubt, isFileWhole: false } as Ending;
  return judge([ending], { posts, paidJobs: [] } as unknown as Ledger);
}

describe('an unresolved video', () => {
  test('without a claim is a violation: nothing was sent', () => {
    const { counts, violations } = judgeDoubt('none');
    expect(counts).toMatchObject({ 'doubts with nothing sent': 1, 'claims without a POST': 0 });
    expect(violations).toHaveLength(1);
  });

  test('whose worker died between its claim and its POST is counted, and no violation', () => {
    const { counts, violations } = judgeDoubt('sent');
    expect(counts).toMatchObject({ 'doubts with nothing sent': 0, 'claims without a POST': 1 });
    expect(violations).toEqual([]);
  });

  test('with a POST is neither', () => {
    const { counts, violations } = judgeDoubt('sent', [post]);
    expect(counts).toMatchObject({ 'doubts with nothing sent': 0, 'claims without a POST': 0 });
    expect(violations).toEqual([]);
  });
});
