import { randomUUID } from 'node:crypto';
import type { TypedSearchAttributes } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { SubmittedVideo } from '../../src/contract/activities.ts';
import { firstAttributes } from '../../src/contract/first-attributes.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import type { generateVideoWorkflow } from '../../src/workflows/index.ts';
import {
  accepted,
  fakeActivities,
  input,
  minuteMs,
  onePerFile,
  pending,
  startTestBed,
  type Script,
} from './harness.ts';

let leaves = 0;
const bed = onePerFile(() => startTestBed({ leaveAdmission: async () => void (leaves += 1) }));
const now = () => bed.env.currentTimeMs();
const admissionId = 'admission/one';
const granted: NonNullable<Script['ask']> = () => ({
  outcome: 'granted',
  admission: { id: admissionId, tags: [], cost: {} },
});

/** Runs a video that holds a slot and is polled twice in vain, and returns what it left on the server. */
async function run(
  given: { attributes?: TypedSearchAttributes; submitted?: Partial<SubmittedVideo> },
  end: Partial<JobProgress> = {},
) {
  leaves = 0;
  const { attributes, submitted } = given;
  const slot = { admitted: true, admissionId } as const;
  const fakes = fakeActivities(now, {
    ask: granted,
    submit: async () => ({ ...accepted('task_1', await now()), ...slot, ...submitted }),
    poll: async (_, count) => {
      if (count < 3) throw pending(minuteMs);
      return { state: 'succeeded', askedAt: await now(), ...end };
    },
  });
  const handle = await bed.env.client.workflow.start<typeof generateVideoWorkflow>(
    'generateVideoWorkflow',
    {
      taskQueue: taskQueues.workflows,
      workflowId: `video/${randomUUID()}`,
      args: [input],
      ...(attributes && { typedSearchAttributes: attributes }),
    },
  );
  await bed.with(fakes, () => handle.result());
  const { events = [] } = await handle.fetchHistory();
  const written = (events ?? [])
    .map(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) =>
      Object.keys(upsert?.searchAttributes?.indexedFields ?? {}).toSorted((a, b) =>
        a.localeCompare(b),
      ),
    )
    .filter((names) => names.some((name) => name.startsWith('Video')));
  return { fakes, written, events: events?.length ?? 0 };
}

describe('a video', () => {
  test('writes its index twice if it was started with its attributes, however often it is polled', async () => {
    const { written } = await run({ attributes: firstAttributes(input.request) });
    expect(written).toEqual([['VideoBilled', 'VideoJobId', 'VideoPhase'], ['VideoPhase']]);
  });

  test('writes the first attributes itself if whoever started it did not', async () => {
    const { written } = await run({});
    expect(written).toHaveLength(3);
    expect(written[0]).toEqual(['VideoBilled', 'VideoModel', 'VideoPhase']);
  });

  test('asks for the end only, and names its slot', async () => {
    const { fakes } = await run({ submitted: { told: true } });
    expect(fakes.polls.at(-1)).toMatchObject({ endOnly: true, told: true, slot: { admissionId } });
  });

  test('releases its slot itself if the poll has not', async () => {
    await run({});
    expect(leaves).toBe(1);
  });

  test('does not release a slot that the poll has released', async () => {
    await run({}, { slotReleased: true });
    expect(leaves).toBe(0);
  });
});
