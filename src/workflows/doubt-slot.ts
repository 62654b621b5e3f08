import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { leaveAdmission } from './leave-admission.ts';
import type { AcceptedSubmit } from './submit-outcome.ts';

/** The usual duration of a job. A job created by a submit with a lost answer may run until then and take a slot. */
const usualJobMs = 10 * 60_000;

export interface Decided<T> {
  decision: T;
  /** The slot that the admission still holds for it. */
  slot: Pick<AcceptedSubmit, 'admitted' | 'admissionId'>;
}

/**
 * Waits until a submit with a lost answer is resolved, and releases its slot when its job would usually have ended.
 * The cost stays reserved until the outcome is known.
 */
export async function holdingSlot<T>(
  admissionId: string | undefined,
  decide: () => Promise<T>,
): Promise<Decided<T>> {
  if (admissionId === undefined) return { decision: await decide(), slot: {} };
  let isHeld = true;
  const patience = new CancellationScope();
  const givingBack = patience.run(async () => {
    await sleep(usualJobMs);
    isHeld = false;
    await leaveAdmission({ admissionId, spent: 'maybe' });
  });
  const over = givingBack.catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  try {
    const decision = await decide();
    return { decision, slot: isHeld ? { admitted: true, admissionId } : {} };
  } finally {
    patience.cancel();
    await over;
  }
}
