import { workflowInfo } from '@temporalio/workflow';
import type { GenerateVideoInput, VideoResult } from '../contract/messages.ts';
import { listenForTurn, withSlot } from './admission-slot.ts';
import { collect, endHonestly } from './collect-video.ts';
import { listenForAskers } from './askers.ts';
import { tellingBatch } from './batch-row-phase.ts';
import { listenForJobEvents } from './job-events.ts';
import { submitOnce } from './submit-once.ts';
import { startTracking } from './video-tracker.ts';

/**
 * One video: submit, when it is admitted → watch → deliver. At most one paid POST, whatever dies or is repeated.
 *
 * Ends with the stored video, or fails with an ApplicationFailure whose `type` is a `FailureKind` and whose
 * `details[0]` is a `VideoFailure`; a cancelled run says in its status what the cancellation achieved.
 */
export async function generateVideoWorkflow(input: GenerateVideoInput): Promise<VideoResult> {
  const { request } = input;
  const tracker = tellingBatch(
    startTracking({ format: request.format, model: request.body.model }),
    input,
  );
  const events = listenForJobEvents();
  const turn = listenForTurn();
  listenForAskers(input.asker);
  return endHonestly(tracker, async () => {
    const { workflowId: claimKey } = workflowInfo();
    const submitted = await submitOnce({ input, claimKey, tracker, turn });
    const job = { format: request.format, jobId: submitted.jobId };
    const rest = () => collect({ ...submitted, job, request, tracker, events });
    if (!submitted.admitted) return rest();
    return withSlot({ tracker, admissionId: submitted.admissionId }, rest);
  });
}
