import { describe, expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import {
  admissionMessages,
  admissionWorkflowType,
  type AdmissionStatus,
  type LimitsChange,
} from '../../src/contract/admission.ts';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import type { GenerateVideoInput } from '../../src/contract/messages.ts';
import { fetchEvents, recordHistory } from './history.ts';
import { playing } from './requests.ts';
import { createHarness, until, type Harness } from './harness.ts';

const submitters = 50;
const cap = 10;

function admissionOf({ temporal: { workflow }, gateway }: Harness) {
  const id = admissionId({ gateway: new URL(gateway.url).origin, key: gateway.apiKey });
  const handle = workflow.getHandle(id);
  return {
    id,
    handle,
    begin: () =>
      workflow.start(admissionWorkflowType, { taskQueue: taskQueues.workflows, workflowId: id }),
    setLimits: (change: LimitsChange) =>
      handle.executeUpdate<unknown, [LimitsChange]>(admissionMessages.setLimits, {
        args: [change],
      }),
    status: () => handle.query<AdmissionStatus>(admissionMessages.admissionStatus),
  };
}

function startVideo({ temporal }: Harness, name: string, more: object = {}) {
  const input: GenerateVideoInput = { request: playing('dl-ok'), ...more };
  return temporal.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${name}`,
    args: [input],
  });
}

/** In an odd round the later ones request after the first have been answered. */
async function startAtOnce(harness: Harness, tag: string): Promise<string[]> {
  const names = Array.from({ length: submitters }, (_, index) => `${tag}-${index}`);
  const isOdd = /[13579]$/.test(tag);
  const before = harness.gateway.ledger.posts.length;
  const videoIds = [];
  for (const part of isOdd ? [names.slice(0, 15), names.slice(15)] : [names]) {
    const runs = await Promise.all(part.map((name) => startVideo(harness, name, { tags: [tag] })));
    videoIds.push(...runs.map(({ workflowId }) => workflowId));
    if (isOdd) await until('a grant', () => harness.gateway.ledger.posts.length > before);
  }
  return videoIds;
}

/**
 * On a busy machine, a task that the server hands out may not reach the worker. After the 180 s of a submit its video
 * finds that nothing was sent, and submits again.
 */
const endMs = 400_000;

/** The kind of failure of each video that was not delivered, with what was billed; all must have ended. */
async function failuresOf(harness: Harness, videoIds: string[]) {
  await expect
    .poll(
      async () => {
        const seen = await Promise.all(videoIds.map((videoId) => harness.client.status(videoId)));
        return seen.filter(({ phase }) => phase !== 'stored' && phase !== 'failed');
      },
      { timeout: endMs, interval: 2_000 },
    )
    .toEqual([]);
  const outcomes = await Promise.all(videoIds.map((videoId) => harness.client.wait(videoId)));
  return outcomes.flatMap((outcome) =>
    outcome.outcome === 'failed' ? [`${outcome.failure.kind}, ${outcome.failure.billed}`] : [],
  );
}

describe('the admission', () => {
  test.each([
    ['one worker, few slots', 1, 3, 3],
    ['two workers, many slots', 2, 40, 10],
  ])(
    `grants ${cap} of ${submitters} concurrent submits under a cap and refuses the rest with a clear error: %s`,
    async (_, workers, jobs, rounds) => {
      await using harness = await createHarness({ speed: 200 });
      for (let count = 0; count < workers; count += 1) {
        await harness.startWorker({ GATEWAY_MAX_JOBS: String(jobs) });
      }
      const admission = admissionOf(harness);
      await admission.begin();
      for (let round = 0; round < rounds; round += 1) {
        const tag = `round-${round}`;
        await admission.setLimits({ perTag: { [tag]: { videos: cap } } });
        const videoIds = await startAtOnce(harness, tag);
        expect(await failuresOf(harness, videoIds)).toEqual(
          Array(submitters - cap).fill('cap_exceeded, no'),
        );
        expect(harness.gateway.ledger.posts).toHaveLength(cap * (round + 1));
      }
      const { inFlight, reserved, waiting, spent } = await admission.status();
      expect({ inFlight, reserved, waiting }).toEqual({
        inFlight: [],
        reserved: [],
        waiting: { interactive: 0, batch: 0 },
      });
      const tagged = Object.entries(spent).filter(([scope]) => scope.startsWith('tag/'));
      expect(tagged.map(([, { videos }]) => videos)).toEqual(Array(rounds).fill(cap));
    },
    1_500_000,
  );

  test('never runs more jobs than it has slots, and every job runs in the end', async () => {
    await using harness = await createHarness({ speed: 100 });
    await harness.startWorker({ GATEWAY_MAX_JOBS: '2' });
    const videos = await Promise.all(
      Array.from({ length: 8 }, (_, index) => startVideo(harness, `v${index}`)),
    );
    const { status } = admissionOf(harness);
    let most = 0;
    const outcomes = Promise.all(videos.map(({ workflowId }) => harness.client.wait(workflowId)));
    let isDone = false;
    void outcomes.finally(() => {
      isDone = true;
    });
    await until('the videos', async () => {
      const seen = await status().catch(() => null);
      most = Math.max(most, seen?.inFlight.length ?? 0);
      return isDone;
    });
    expect((await outcomes).map(({ outcome }) => outcome)).toEqual(Array(8).fill('stored'));
    expect(most).toBe(2);
    expect(harness.gateway.ledger.posts).toHaveLength(8);
    await recordHistory(harness, admissionOf(harness).id, 'admission');
    await recordHistory(harness, videos.at(-1)?.workflowId ?? '', 'lean-waited-for-a-slot');
  }, 120_000);

  test('needs one request and no event per video for its slot, and a bounded number of its own events', async () => {
    await using harness = await createHarness({ speed: 100 });
    await harness.startWorker();
    const [first, second] = [
      await startVideo(harness, 'first'),
      await startVideo(harness, 'second'),
    ];
    await Promise.all([first, second].map(({ workflowId }) => harness.client.wait(workflowId)));
    const { id } = admissionOf(harness);
    const before = (await fetchEvents(harness, id)).length;
    const third = await startVideo(harness, 'third');
    await harness.client.wait(third.workflowId);
    expect((await fetchEvents(harness, id)).length - before).toBeLessThanOrEqual(12);
    const events = await fetchEvents(harness, third.workflowId);
    const asks = events.filter(
      (event) =>
        event.activityTaskScheduledEventAttributes?.activityType?.name === 'requestAdmission',
    );
    const left = events.filter(
      (event) => event.markerRecordedEventAttributes?.markerName === 'core_local_activity',
    );
    // The last poll has released the slot.
    expect([asks.length, left.length]).toEqual([1, 0]);
  });
});
