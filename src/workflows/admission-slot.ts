import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { admissionMessages, type AdmissionRelease } from '../contract/admission.ts';
import type { VideoFailure } from '../contract/failure.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import { leaveAdmission } from './leave-admission.ts';
import type { VideoTracker } from './video-tracker.ts';

/** If the admission does not answer, the delay until the next request grows with the time waited, up to this limit. */
const unansweredMs = 80_000;

export interface AdmissionReady {
  /**
   * Resolves when it is time to request admission again: on the signal, or after `retryAfterMs`, since the signal may
   * be lost together with the admission that would have sent it.
   */
  next(retryAfterMs: number): Promise<void>;
}

/** Handles signal `admissionReady`: a hint to request admission again, never the admission itself. */
export function listenForAdmissionReady(): AdmissionReady {
  let isReady = false;
  let sinceMs: number | undefined;
  setHandler(defineSignal(admissionMessages.admissionReady), () => {
    isReady = true;
  });
  return {
    next: async (retryAfterMs) => {
      sinceMs ??= Date.now();
      const leastMs = Math.min(Date.now() - sinceMs, unansweredMs);
      if (await condition(() => isReady, Math.max(retryAfterMs, leastMs))) sinceMs = undefined;
      isReady = false;
    },
  };
}

/**
 * Runs the steps after an admitted submit. Releases the slot as soon as the job has left the gateway or its deadline
 * has passed, and at the latest when the run ends. If the release fails, the admission's check of its holders finds
 * the slot. The cost of a failed and refunded job is released as well.
 */
export async function withSlot<T>(
  { tracker, admissionId }: { tracker: VideoTracker; admissionId: string | undefined },
  run: () => Promise<T>,
): Promise<T> {
  let left: Promise<void> | undefined;
  const given = admissionId === undefined ? {} : { admissionId };
  const leave = (end: Pick<Partial<AdmissionRelease>, 'spent' | 'ending'> = {}) => {
    if (tracker.slotReleased()) return undefined;
    const charged = tracker.charged();
    left ??= leaveAdmission({ ...given, ...end, ...(charged && { charged }) });
    return left;
  };
  void condition(() => isOffTheGateway(tracker)).then(
    () => leave(tracker.status().phase === 'delivering' ? { ending: 'made' } : {}),
    () => {},
  );
  try {
    return await run();
  } catch (error) {
    await leave(endOf(videoFailureIn(error)));
    throw error;
  } finally {
    await leave();
  }
}

/**
 * What the admission learns from a failure. Only the gateway's verdict on the job proves a refund: a later step may
 * fail without any cost of its own. Moderation is the vendor's verdict on one video, not an outage.
 */
function endOf(failure: VideoFailure | null): Pick<Partial<AdmissionRelease>, 'spent' | 'ending'> {
  const { kind, billed, about } = failure ?? {};
  if (kind !== 'task_failed' && kind !== 'task_timeout') return {};
  return {
    ...(billed === 'no' && { spent: 'no' }),
    ...(about !== 'moderation' && { ending: 'vendor_failed' }),
  };
}

function isOffTheGateway(tracker: VideoTracker): boolean {
  const { phase } = tracker.status();
  return phase === 'delivering' || phase === 'overdue';
}
