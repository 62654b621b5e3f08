import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import {
  messageNames,
  type Cancellation,
  type CancelVideo,
  type LeaveVideo,
  type StillWaiting,
} from '../contract/messages.ts';
import { asWaiter, type Waiter } from '../contract/waiter.ts';

/** Null where the server knows no such run, or none that is open. */
export async function orNull<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** One more waits for the open run. A signal, since it needs no worker. False where no run is open. */
export async function joinRun(
  client: Client,
  { videoId, waiterId, callbackUrl }: { videoId: string; waiterId: string; callbackUrl?: string },
): Promise<boolean> {
  const joined = await orNull(async () => {
    await client.workflow.getHandle(videoId).signal<[Waiter]>(messageNames.joinVideo, {
      ...asWaiter(waiterId),
      ...(callbackUrl !== undefined && { callbackUrl }),
    });
    return true;
  });
  return joined ?? false;
}

export interface Leaving extends Pick<LeaveVideo, 'cancelIf'> {
  videoId: string;
  waiterId: string;
}

/** One waits no longer; with `cancelIf`, that may cancel the run. The same `updateId` gets the same answer. */
export function leaveRun(
  client: Client,
  { videoId, waiterId, cancelIf }: Leaving,
  updateId?: string,
): Promise<StillWaiting> {
  const leaving: LeaveVideo = { ...asWaiter(waiterId), ...(cancelIf && { cancelIf }) };
  return client.workflow
    .getHandle(videoId)
    .executeUpdate<StillWaiting, [LeaveVideo]>(messageNames.leaveVideo, {
      args: [leaving],
      ...(updateId !== undefined && { updateId }),
    });
}

/** Nobody waits any more: what is paid is stored. @throws {WorkflowUpdateFailedError} Nothing was spent. */
export function keepRun(client: Client, videoId: string): Promise<Cancellation> {
  return client.workflow
    .getHandle(videoId)
    .executeUpdate<Cancellation, [CancelVideo]>(messageNames.cancelVideo, {
      args: [{ keep: true }],
    });
}
