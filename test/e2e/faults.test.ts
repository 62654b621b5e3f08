import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VideoOutcome } from '../../src/client.ts';
import type { VideoFormat } from '../../src/contract/video-request.ts';
import { readableHistory } from './history.ts';
import { playing } from './requests.ts';
import { setStage, untilPhase, type Stage } from './stage.ts';

interface Expected {
  posts: number;
  outcome: 'stored' | 'failed' | 'unresolved' | 'overdue';
  kind?: string;
  billed: 'yes' | 'no' | 'maybe';
}

const stored = { posts: 1, outcome: 'stored', billed: 'yes' } as const;
const unresolved = {
  posts: 1,
  outcome: 'unresolved',
  kind: 'submit_unknown',
  billed: 'maybe',
} as const;

/** Scenario of the sandbox gateway → what the caller sees. Format videos where the scenario is about that route. */
const table: [string, Expected, VideoFormat?][] = [
  ['submit-drop-after-body', unresolved],
  ['submit-504-after-accept', unresolved],
  ['submit-cdn-html', unresolved],
  ['submit-200-cut-json', unresolved],
  ['submit-429-empty', { ...stored, posts: 2 }],
  ['submit-403-quota', { posts: 1, outcome: 'failed', kind: 'quota', billed: 'no' }],
  ['submit-vendor-number', { posts: 1, outcome: 'failed', kind: 'moderation', billed: 'no' }],
  ['poll-unknown-n=8', stored, 'videos'],
  ['poll-not-exist-first=3', stored],
  ['poll-data-null', stored],
  ['poll-401-mid', stored],
  [
    'poll-failed-no-error',
    { posts: 1, outcome: 'failed', kind: 'task_failed', billed: 'maybe' },
    'videos',
  ],
  ['poll-channel-deleted', { posts: 1, outcome: 'failed', kind: 'task_failed', billed: 'yes' }],
  ['poll-gateway-timeout', { posts: 1, outcome: 'failed', kind: 'task_timeout', billed: 'maybe' }],
  ['poll-completed-no-url=2', stored, 'videos'],
  ['poll-stale-sora=success', stored, 'videos'],
  ['poll-never-finishes', { posts: 1, outcome: 'overdue', billed: 'yes' }],
  ['dl-307-strict', stored],
  ['dl-byte-exact', stored],
  ['dl-clean-cut', stored],
  ['dl-json-error', stored],
  ['dl-5xx', stored],
];

let stage: Stage;
const started = new Map<string, string>();

beforeAll(async () => {
  stage = await setStage();
  await stage.startWorker();
  for (const [scenario, { outcome }, format] of table) {
    const options = outcome === 'overdue' ? { deadlineMs: 5_000 } : {};
    const { videoId } = await stage.client.start(playing(scenario, format), options);
    started.set(scenario, videoId);
  }
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('what the wire can do, and what the caller sees', () => {
  test.each(table)(
    '%s',
    async (scenario, expected) => {
      const videoId = started.get(scenario) ?? '';
      const outcome = await stage.client.wait(videoId, { timeoutMs: 90_000 });
      const posts = stage.gateway.ledger.posts.filter(({ body }) =>
        String(body?.prompt).includes(`[sandbox: ${scenario}]`),
      );
      expect(seen(outcome, posts.length)).toEqual(expected);
    },
    120_000,
  );

  test('no history holds the key, an authorization header or a signed address', async () => {
    await untilPhase(stage, started.get('dl-byte-exact') ?? '', ['stored']);
    for (const videoId of started.values()) {
      const history = await readableHistory(stage, videoId);
      expect(history).toContain('a cat');
      expect(history).not.toMatch(
        new RegExp(`${stage.gateway.apiKey}|authorization|signature=|x-amz-`, 'i'),
      );
    }
  });
});

function seen(outcome: VideoOutcome, posts: number): Expected {
  switch (outcome.outcome) {
    case 'stored':
      return { posts, outcome: 'stored', billed: outcome.result.billed };
    case 'failed':
      return {
        posts,
        outcome: 'failed',
        kind: outcome.failure.kind,
        billed: outcome.failure.billed,
      };
    case 'pending': {
      const { billed, unresolved: open } = outcome.status;
      if (outcome.reason === 'limit')
        throw new Error(`Nothing came of it: ${JSON.stringify(outcome.status)}`);
      return { posts, outcome: outcome.reason, billed, ...(open && { kind: open.failure.kind }) };
    }
    case 'cancelled':
      throw new Error('Nobody cancelled it');
  }
}
