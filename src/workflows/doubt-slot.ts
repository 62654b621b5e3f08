import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { leaveAdmission } from './leave-admission.ts';
import type { AcceptedSubmit } from './submit-outcome.ts';

/** So long a job usually takes. One that a lost submit has made may be running until then, and takes a slot. */
const usualJobMs = 10 * 60_000;

export interface Decided<T> {
  decision: T;
  /** What the admission still holds for it. */
  slot: Pick<AcceptedSubmit, 'admitted' | 'admissionId'>;
}

/**
 * Waits for what decides a submit whose answer was lost, and gives its slot back when a job of it would usually be over.
 * Its cost stays reserved until somebody knows.
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
