import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { VideoActivities } from '../../contract/activities.ts';
import { messageNames, type VideoJobEvent } from '../../contract/messages.ts';
import { gatewayBeatMs } from '../../contract/poll-delay.ts';

/** The gateway waits 15 s for a response. */
const callTimeoutMs = 5_000;
/** Jobs with a poll that an event has caused; a beat is short. */
const maxJobs = 1_000;

const poll = 'awaitVideoChange' satisfies keyof VideoActivities;
const delivery = 'storeVideo' satisfies keyof VideoActivities;
/** `PENDING_ACTIVITY_STATE_SCHEDULED`: the attempt waits for its time, or for a worker. */
const waitingState = 1;

export interface WakeOptions {
  client: Client;
  now?: () => number;
}

/** Makes the open run of a video poll. False if no run is open. */
export type WakeRun = (videoId: string, event: VideoJobEvent) => Promise<boolean>;

/**
 * Resets the attempt of the poll that waits for its time, so that the server starts it at once: no signal, and no new
 * activity. A run without such an attempt is signalled, and so is one on a server without that call. At most one poll
 * per beat and job, since a poll that an event caused is followed by one a beat later in any case.
 */
export function createWakeRun({ client, now = Date.now }: WakeOptions): WakeRun {
  const wokenAt = new Map<string, number>();
  const isRecent = (jobId: string) => now() - (wokenAt.get(jobId) ?? -Infinity) < gatewayBeatMs;
  const note = (jobId: string) => {
    wokenAt.delete(jobId);
    wokenAt.set(jobId, now());
    const [oldest] = wokenAt.keys();
    if (wokenAt.size > maxJobs && oldest !== undefined) wokenAt.delete(oldest);
  };
  return async (videoId, event) => {
    const { jobId = videoId } = event;
    if (isRecent(jobId)) return true;
    // Before the calls, since more events may arrive meanwhile.
    note(jobId);
    try {
      await client.withDeadline(now() + callTimeoutMs, () => wake(client, { videoId, event }));
      return true;
    } catch (error) {
      wokenAt.delete(jobId);
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
}

async function wake(
  client: Client,
  { videoId, event }: { videoId: string; event: VideoJobEvent },
): Promise<void> {
  const handle = client.workflow.getHandle(videoId);
  const { runId, closeTime, raw } = await handle.describe();
  if (closeTime !== undefined) throw new WorkflowNotFoundError('The run has ended', videoId, runId);
  const pending = raw.pendingActivities ?? [];
  // The end of the job is known already.
  if (pending.some(({ activityType }) => activityType?.name === delivery)) return;
  const found = pending.find(({ activityType }) => activityType?.name === poll);
  // An attempt that is due in a moment is reset, too: only then is it followed by one a beat later.
  const isWaiting =
    found?.state === waitingState && !found.paused && found.nextAttemptScheduleTime != null;
  const id = found?.activityId ?? '';
  if (isWaiting && (await reset(client, { workflowId: videoId, runId, id }))) return;
  await handle.signal<[VideoJobEvent]>(messageNames.videoJobEvent, event);
}

/** False if the server refuses, for example because it does not know the call. */
async function reset(
  client: Client,
  { workflowId, runId, id }: { workflowId: string; runId: string; id: string },
): Promise<boolean> {
  try {
    await client.workflowService.resetActivity({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      identity: client.options.identity,
      id,
    });
    return true;
  } catch {
    return false;
  }
}
