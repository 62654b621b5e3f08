import { describe, expect, test } from 'vitest';
import type { VideoSnapshot } from '../../src/client.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { recordHistory } from './history.ts';
import { adoptPaidJob, expectDelivered, startedIn } from './operator-actions.ts';
import { playing } from './requests.ts';
import { setStage, until, untilPhase, type Stage } from './stage.ts';

interface Handover {
  name: string;
  request: VideoRequest;
  /** When the first worker stops. */
  at: (status: VideoSnapshot) => boolean;
  /** The action of a person at the second worker. */
  act?: (stage: Stage, videoId: string) => Promise<void>;
  outcome: object;
}

const isWatched = ({ phase }: VideoSnapshot) => phase === 'queued' || phase === 'running';
const isUnresolved = ({ phase }: VideoSnapshot) => phase === 'unresolved';
const decide = (action: 'resubmit' | 'abandon') => (stage: Stage, videoId: string) =>
  stage.client.resolve(videoId, { action });
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
    act: async (stage, videoId) => {
      await stage.client.cancel(videoId);
      await untilPhase(stage, videoId, ['cancelled']);
    },
    outcome: { cancellation: { outcome: 'watching_stopped', billed: 'maybe' } },
  },
];

describe('a rolling deploy hands an open run to the next worker', () => {
  test.each(handovers)(
    'of the class $name, and it ends as it would have without the deploy',
    async ({ name, request, at, act, outcome }) => {
      await using stage = await setStage();
      const first = await stage.startWorker();
      const videoId = await startedIn(stage, request);
      await until(name, async () => at(await stage.client.status(videoId)));
      await Promise.all([first.stop(), stage.startWorker()]);
      await act?.(stage, videoId);
      expect(await stage.client.wait(videoId)).toMatchObject(outcome);
      expect(stage.gateway.ledger.paidJobs).toHaveLength(1);
      await recordHistory(stage, videoId, name);
    },
  );

  test('that collects an abandoned job, and the job is delivered', async () => {
    await using stage = await setStage();
    const first = await stage.startWorker();
    const lostId = await startedIn(stage, lost);
    await untilPhase(stage, lostId, ['unresolved']);
    await stage.client.resolve(lostId, { action: 'abandon' });
    const jobId = stage.gateway.ledger.paidJobs[0]?.jobId ?? '';
    const { videoId } = await stage.client.adopt({ format: lost.format, jobId });
    await untilPhase(stage, videoId, ['queued', 'running']);
    await Promise.all([first.stop(), stage.startWorker()]);
    await expectDelivered(stage, videoId);
    await recordHistory(stage, videoId, 'collected');
  });
});
