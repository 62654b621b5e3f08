import { CancellationScope, log, proxyLocalActivities } from '@temporalio/workflow';
import type { AdmissionActivities } from '../contract/admission.ts';
import { leaveOptions } from './activity-options.ts';

type Left = Parameters<AdmissionActivities['leaveAdmission']>[0];

/** Also when the run is cancelled. A slot that cannot be given back is found by the check of the holders. */
export async function leaveAdmission(left: Left): Promise<void> {
  const activities = proxyLocalActivities<AdmissionActivities>(leaveOptions);
  await CancellationScope.nonCancellable(() => activities.leaveAdmission(left)).catch(
    (error: unknown) => log.warn('The slot of the admission could not be given back', { error }),
  );
}
