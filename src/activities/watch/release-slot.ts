import { Context } from '@temporalio/activity';
import type { AwaitVideoChangeInput } from '../../contract/activities.ts';
import type { AdmissionActivities } from '../../contract/admission.ts';
import type { Charge } from '../../contract/charge.ts';
import { within } from '../within.ts';

/** A video that is ready does not wait longer for the admission; the workflow then releases the slot. */
const patienceMs = 2_000;

/**
 * Releases the slot of a job that has succeeded: one signal, where the workflow would need a local activity for it. A
 * repeated release changes nothing.
 *
 * @returns Whether the admission has it.
 */
export function releaseSlot(
  leave: AdmissionActivities['leaveAdmission'],
  { slot }: Pick<AwaitVideoChangeInput, 'slot'>,
  charged: Charge | undefined,
): Promise<boolean> {
  const { log } = Context.current();
  const left = leave({ ...slot, ending: 'made', ...(charged && { charged }) }).then(
    () => true,
    (error: unknown) => {
      log.warn('Could not release the admission slot; the workflow does it', { error });
      return false;
    },
  );
  return within(left, patienceMs, false);
}
