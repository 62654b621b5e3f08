import { workflowInfo } from '@temporalio/workflow';
import type { GenerateVideoInput, VideoResult } from '../contract/messages.ts';
import { collect, endHonestly } from './collect-video.ts';
import { listenForAskers } from './askers.ts';
import { listenForJobEvents } from './job-events.ts';
import { submitOnce } from './submit-once.ts';
import { startTracking } from './video-tracker.ts';

/**
 * One video: submit → watch → deliver. At most one paid POST, whatever dies or is repeated.
 *
 * Ends with the stored video, or fails with an ApplicationFailure whose `type` is a `FailureKind` and whose
 * `details[0]` is a `VideoFailure`; a cancelled run says in its status what the cancellation achieved.
 */
export async function generateVideoWorkflow(input: GenerateVideoInput): Promise<VideoResult> {
  const { request } = input;
  const tracker = startTracking({ format: request.format, model: request.body.model });
  const events = listenForJobEvents();
  listenForAskers(input.asker);
  return endHonestly(tracker, async () => {
    const submitted = await submitOnce({ input, claimKey: workflowInfo().workflowId, tracker });
    return collect({
      ...submitted,
      job: { format: request.format, jobId: submitted.jobId },
      request,
      tracker,
      events,
    });
  });
}
