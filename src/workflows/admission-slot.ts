import {
  CancellationScope,
  condition,
  defineSignal,
  log,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { admissionMessages, type AdmissionActivities } from '../contract/admission.ts';
import { leaveOptions } from './activity-options.ts';
import type { VideoTracker } from './video-tracker.ts';

/** A call may be lost with the admission that would have sent it. */
const longestPatience = 16;

export interface AdmissionTurn {
  /** Resolves when it is time to ask the admission again: when called, or after some multiple of `askAgainMs`. */
  next(askAgainMs: number): Promise<void>;
}

/** Handles signal `admissionTurn`: a hint to ask again, never the answer itself. */
export function listenForTurn(): AdmissionTurn {
  let isCalled = false;
  let waits = 0;
  setHandler(defineSignal(admissionMessages.admissionTurn), () => {
    isCalled = true;
  });
  return {
    next: async (askAgainMs) => {
      const patienceMs = askAgainMs * Math.min(2 ** waits, longestPatience);
      waits += 1;
      if (await condition(() => isCalled, patienceMs)) waits = 0;
      isCalled = false;
    },
  };
}

/**
 * Runs what follows an admitted submit, and gives its slot back as soon as the job has left the gateway or its deadline
 * has passed; at the latest when the run ends, however it does. A slot that cannot be given back is found by the check
 * of the holders.
 */
export async function withSlot<T>(
  { tracker, admissionId }: { tracker: VideoTracker; admissionId: string | undefined },
  run: () => Promise<T>,
): Promise<T> {
  const { leaveAdmission } = proxyLocalActivities<AdmissionActivities>(leaveOptions);
  let left: Promise<void> | undefined;
  const given = admissionId === undefined ? {} : { admissionId };
  const leave = () => {
    left ??= CancellationScope.nonCancellable(() => leaveAdmission(given)).catch((error: unknown) =>
      log.warn('The slot of the admission could not be given back', { error }),
    );
    return left;
  };
  void condition(() => isOffTheGateway(tracker)).then(leave, () => {});
  try {
    return await run();
  } finally {
    await leave();
  }
}

function isOffTheGateway(tracker: VideoTracker): boolean {
  const { phase } = tracker.status();
  return phase === 'delivering' || phase === 'overdue';
}
