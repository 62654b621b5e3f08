import { expect, test } from 'vitest';
import {
  admissionMessages,
  admissionWorkflowType,
  type AdmissionAnswer,
  type AdmissionEntryAnswer,
  type AdmissionRelease,
  type AdmissionRequest,
  type AdmissionStatus,
} from '../../src/contract/admission.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { recordHistory } from './history.ts';
import { createHarness, until, type Harness } from './harness.ts';

const id = 'admission/00000000000lists';
const { requestAdmission, requestAdmissions, releaseAdmissions, admissionStatus } =
  admissionMessages;

function askOf(videoId: string, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    videoId,
    claimKey: videoId,
    model: 'kling-v1',
    tags: [],
    priority: 'interactive',
    cost: { seconds: 5 },
    deadlineMs: 3_600_000,
    maxJobs: 3,
    ...more,
  };
}

async function startAdmission({ temporal: { workflow } }: Harness) {
  const handle = await workflow.start(admissionWorkflowType, {
    taskQueue: taskQueues.workflows,
    workflowId: id,
  });
  return {
    ask: (ask: AdmissionRequest) =>
      handle.executeUpdate<AdmissionAnswer, [AdmissionRequest]>(requestAdmission, { args: [ask] }),
    askAll: (asks: AdmissionRequest[]) =>
      handle.executeUpdate<AdmissionEntryAnswer[], [AdmissionRequest[]]>(requestAdmissions, {
        args: [asks],
      }),
    releaseAll: (releases: AdmissionRelease[]) => handle.signal(releaseAdmissions, releases),
    status: () => handle.query<AdmissionStatus>(admissionStatus),
    run: () => workflow.getHandle(id).describe(),
  };
}

test('an admission takes lists of requests and of releases, says so in the memo of each run, and ends a run by its size', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const { ask, askAll, releaseAll, status, run } = await startAdmission(harness);
  expect(await ask(askOf('video/first'))).toEqual({ outcome: 'granted' });
  const answers = await askAll([
    askOf('video/a'),
    askOf('video/a'),
    { ...askOf('video/bad'), tags: null as unknown as string[] },
    askOf('video/b'),
    askOf('video/waits'),
  ]);
  const outcomes = answers.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['granted', 'granted', 'invalid', 'granted', 'waiting']);
  await releaseAll([
    { videoId: 'video/a', spent: 'no' },
    { videoId: 'video/b', spent: 'yes' },
  ]);
  // `video/waits` is called for a slot, and there is no run of it.
  await until('the call', async () => {
    const { inFlight, called, waiting } = await status();
    return inFlight.length === 1 && called === 0 && waiting.interactive === 0;
  });
  const begun = await run();
  expect(begun.memo).toEqual({ takesLists: true });
  await recordHistory(harness, id, 'admission-lists');

  // 60 KB each: about 1 MB in all, in far fewer events than a run may have.
  const large = askOf('video/first', { batch: { name: 'x'.repeat(60_000), runId: 'r' } });
  for (let answered = 0; (await run()).runId === begun.runId;) {
    expect(answered).toBeLessThan(40);
    // A run that is about to end rejects requests.
    answered += await askAll([large]).then(
      () => 1,
      () => 0,
    );
  }
  await until('the memo of the next run', async () => (await run()).memo?.['takesLists'] === true);
  const { inFlight } = await status();
  expect(inFlight.map(({ videoId }) => videoId)).toEqual(['video/first']);
}, 120_000);
