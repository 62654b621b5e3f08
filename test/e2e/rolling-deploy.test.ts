import { describe, expect, test } from 'vitest';
import type { VideoSnapshot } from '../../src/client.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { recordHistory } from './history.ts';
import { adoptPaidJob, expectDelivered, startedIn } from './operator-actions.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

interface Handover {
  name: string;
  request: VideoRequest;
  /** When the first worker stops. */
  at: (status: VideoSnapshot) => boolean;
  /** The action of a person at the second worker. */
  act?: (harness: Harness, videoId: string) => Promise<void>;
  outcome: object;
}

const isWatched = ({ phase }: VideoSnapshot) => phase === 'queued' || phase === 'running';
const isUnresolved = ({ phase }: VideoSnapshot) => phase === 'unresolved';
const decide = (action: 'resubmit' | 'abandon') => (harness: Harness, videoId: string) =>
  harness.client.resolve(videoId, { action });
const lost = playing('submit-drop-after-body');
const stored = { outcome: 'stored' };

/** One open run of each class; the replay suite replays their histories with new code. */
const handovers: Handover[] = [
  {
    name: 'not-accepted-then-stored',
    request: playing('submit-429-empty'),
    at: ({ retrying }) => retrying !== undefined,
    outcome: stored,
  },
  {
    name: 'failed-job',
    request: playing('poll-failed-no-error', 'videos'),
    at: isWatched,
    outcome: { failure: { kind: 'task_failed', billed: 'no' } },
  },
  { name: 'delivery-retried', request: playing('dl-empty=2'), at: isWatched, outcome: stored },
  {
    name: 'unresolved-then-adopted',
    request: lost,
    at: isUnresolved,
    act: adoptPaidJob,
    outcome: stored,
  },
  {
    name: 'unresolved-then-resubmitted',
    request: playing('submit-reset-early=1'),
    at: isUnresolved,
    act: decide('resubmit'),
    outcome: stored,
  },
  {
    name: 'unresolved-then-abandoned',
    request: lost,
    at: isUnresolved,
    act: decide('abandon'),
    outcome: { failure: { kind: 'abandoned', billed: 'maybe' } },
  },
  {
    name: 'cancelled-while-unresolved',
    request: lost,
    at: isUnresolved,
    act: async (harness, videoId) => {
      await harness.client.cancel(videoId);
      await untilPhase(harness, videoId, ['cancelled']);
    },
    outcome: { cancellation: { outcome: 'watching_stopped', billed: 'maybe' } },
  },
];

describe('a rolling deploy hands an open run to the next worker', () => {
  test.each(handovers)(
    'of the class $name, and it ends as it would have without the deploy',
    async ({ name, request, at, act, outcome }) => {
      await using harness = await createHarness();
      const first = await harness.startWorker();
      const videoId = await startedIn(harness, request);
      await until(name, async () => at(await harness.client.status(videoId)));
      await Promise.all([first.stop(), harness.startWorker()]);
      await act?.(harness, videoId);
      expect(await harness.client.wait(videoId)).toMatchObject(outcome);
      expect(harness.gateway.ledger.paidJobs).toHaveLength(1);
      await recordHistory(harness, videoId, name);
    },
  );

  test('that collects an abandoned job, and the job is delivered', async () => {
    await using harness = await createHarness();
    const first = await harness.startWorker();
    const lostId = await startedIn(harness, lost);
    await untilPhase(harness, lostId, ['unresolved']);
    await harness.client.resolve(lostId, { action: 'abandon' });
    const jobId = harness.gateway.ledger.paidJobs[0]?.jobId ?? '';
    const { videoId } = await harness.client.adopt({ format: lost.format, jobId });
    await untilPhase(harness, videoId, ['queued', 'running']);
    await Promise.all([first.stop(), harness.startWorker()]);
    await expectDelivered(harness, videoId);
    await recordHistory(harness, videoId, 'collected');
  });
});
