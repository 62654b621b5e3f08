import { describe, expect, test } from 'vitest';
import { activityStage, detailsOf, failureOf } from '../fakes/activity-stage.ts';
import { input, submitStage, workflowExecution } from './submit-stage.ts';

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
      const { submitVideo, gateway } = await submitStage({ earlierFailure });
      await activityStage({ workflowExecution }).run(submitVideo, input);
      const restarted = activityStage({
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
    const { submitVideo } = await submitStage({ earlierFailure: unbilled });
    await activityStage({ workflowExecution }).run(submitVideo, input);
    const restarted = activityStage({
      workflowExecution: { ...workflowExecution, runId: 'run-2' },
    });
    expect(await restarted.run(submitVideo, input)).toMatchObject({ foundInClaim: true });
    const own = await submitStage({ earlierFailure: { ...unbilled, billed: 'yes' } });
    await activityStage({ workflowExecution }).run(own.submitVideo, input);
    expect(await activityStage({ workflowExecution }).run(own.submitVideo, input)).toMatchObject({
      foundInClaim: true,
    });
  });
});
