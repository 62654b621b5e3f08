import { describe, expect, test } from 'vitest';
import type { StoredVideo } from '../../src/contract/stored-video.ts';
import type { VideoSidecar } from '../../src/contract/video-sidecar.ts';
import { sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { input, submitHarness, workflowExecution } from './submit-harness.ts';

describe('a claim of an earlier run', () => {
  test.each(['yes', 'maybe'] as const)(
    'whose run failed, billed: %s, is told once more to a start under the same id, with its way out',
    async (billed) => {
      const earlierFailure = {
        kind: 'task_failed',
        message: 'No',
        billed,
        jobId: 'task_1',
      } as const;
      const { submitVideo, gateway } = await submitHarness({ earlierFailure });
      await activityHarness({ workflowExecution }).run(submitVideo, input);
      const restarted = activityHarness({
        workflowExecution: { ...workflowExecution, runId: 'run-2' },
      });
      const failure = detailsOf(await failureOf(restarted.run(submitVideo, input)));
      expect(failure).toMatchObject({
        ...earlierFailure,
        outcome: 'refused',
        message: expect.stringContaining('Not started again'),
      });
      expect(gateway.submitted).toHaveLength(1);
    },
  );

  test('whose run failed without a bill is taken up again, and a run is never stopped by its own claim', async () => {
    const unbilled = { kind: 'invalid_request', message: 'No', billed: 'no' } as const;
    const { submitVideo } = await submitHarness({ earlierFailure: unbilled });
    await activityHarness({ workflowExecution }).run(submitVideo, input);
    const restarted = activityHarness({
      workflowExecution: { ...workflowExecution, runId: 'run-2' },
    });
    expect(await restarted.run(submitVideo, input)).toMatchObject({ foundInClaim: true });
    const own = await submitHarness({ earlierFailure: { ...unbilled, billed: 'yes' } });
    await activityHarness({ workflowExecution }).run(own.submitVideo, input);
    expect(await activityHarness({ workflowExecution }).run(own.submitVideo, input)).toMatchObject({
      foundInClaim: true,
    });
  });

  test('whose video is in the storage answers with it, however its run ended', async () => {
    const earlierFailure = { kind: 'task_failed', message: 'No', billed: 'maybe' } as const;
    const { submitVideo, storage, gateway } = await submitHarness({ earlierFailure });
    await activityHarness({ workflowExecution }).run(submitVideo, input);
    const video = await store(storage);
    const restarted = activityHarness({
      workflowExecution: { ...workflowExecution, runId: 'run-2' },
    });
    expect(await restarted.run(submitVideo, input)).toMatchObject({
      jobId: 'task_7',
      stored: video,
    });
    expect(gateway.submitted).toHaveLength(1);
  });
});

/** A stored video of the claim's key, with its sidecar; gives what is known of it. */
async function store(storage: VideoStorage): Promise<StoredVideo> {
  const key = videoKey(workflowExecution.workflowId);
  const bytes = Buffer.from('a whole video');
  await storage.writeSmall(key, bytes);
  const facts = { durationSeconds: 5, width: 1280, height: 720, hasAudio: true, warnings: [] };
  const file = {
    sizeBytes: bytes.length,
    sha256: 'a'.repeat(64),
    contentType: 'video/mp4',
  } as const;
  const sidecar: VideoSidecar = {
    videoId: workflowExecution.workflowId,
    jobId: 'task_7',
    format: 'generations',
    ...file,
    ...facts,
    storedAt: '2026-11-23T10:00:00Z',
    billed: 'yes',
  };
  await storage.writeSmall(sidecarKey(key), Buffer.from(JSON.stringify(sidecar)));
  return { key, uri: storage.uriOf(key), ...file, ...facts };
}
