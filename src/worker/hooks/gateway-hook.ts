import type { JobOwners } from '../../storage/claims/job-owners.ts';
import { readGatewayEvent, type GatewayEvent } from './gateway-event.ts';
import { signatureFault, type SignatureFault, type SignedCallback } from './gateway-signature.ts';
import { createSeenEvents } from './seen-events.ts';
import type { WakeRun } from './wake-run.ts';

/** Ports of {@link createGatewayHook}. */
export interface GatewayHookOptions {
  /** The key that signs callbacks. */
  apiKey: string;
  owners: Pick<JobOwners, 'ownerOf'>;
  /** Makes the open run of a video poll. False if no run is open. */
  wake: WakeRun;
  now?: () => number;
}

/**
 * How a callback was handled. `woken`: the run of its video polls. `not_final`: the job has not ended; nothing was done.
 * `unknown_job`: no video owns the job, or not yet: it is not remembered. `closed`: the run has ended. `refused`: not from the gateway.
 * `unreadable`: authentic, but without a job. `unavailable`: storage or Temporal did not answer.
 */
export type HookOutcome =
  | 'woken'
  | 'not_final'
  | 'duplicate'
  | 'unknown_job'
  | 'closed'
  | 'refused'
  | 'unreadable'
  | 'unavailable';

/** Result of one callback, for response, metric and log. */
export interface HookResult {
  outcome: HookOutcome;
  fault?: SignatureFault;
  event?: GatewayEvent;
  videoId?: string;
  error?: unknown;
}

/**
 * Handles callbacks of the gateway. A callback is a hint that wakes the next poll of its video, never a result: the
 * video is found by the recorded owner of the job, and its state is read from the gateway.
 */
export function createGatewayHook(
  options: GatewayHookOptions,
): (callback: SignedCallback) => Promise<HookResult> {
  const { apiKey, now = Date.now } = options;
  const once = createSeenEvents();
  return async (callback) => {
    const fault = signatureFault(callback, { apiKey, nowMs: now() });
    if (fault) return { outcome: 'refused', fault };
    const event = readGatewayEvent(callback.raw);
    if (!event) return { outcome: 'unreadable' };
    if (!event.hasEnded) return { outcome: 'not_final', event };
    try {
      const handled = await once(event.id, () => wakeOwner(options, event));
      return { event, ...(handled ?? { outcome: 'duplicate' }) };
    } catch (error) {
      if (error instanceof UnknownJobError) return { outcome: 'unknown_job', event };
      return { outcome: 'unavailable', event, error };
    }
  };
}

/** A job may end before its owner is recorded, so the event is handled when it is delivered again. */
class UnknownJobError extends Error {}

async function wakeOwner(
  { owners, wake }: GatewayHookOptions,
  { jobId, type }: GatewayEvent,
): Promise<Pick<HookResult, 'outcome' | 'videoId'>> {
  const owner = await owners.ownerOf(jobId);
  if (!owner) throw new UnknownJobError();
  const { videoId } = owner;
  const isOpen = await wake(videoId, { jobId, source: `gateway callback ${type}` });
  return { outcome: isOpen ? 'woken' : 'closed', videoId };
}
