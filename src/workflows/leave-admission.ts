import { CancellationScope, log, proxyLocalActivities } from '@temporalio/workflow';
import type { AdmissionActivities } from '../contract/admission.ts';
import { leaveOptions } from './activity-options.ts';
import { rethrowMissingActivity } from './failures.ts';

type Left = Parameters<AdmissionActivities['leaveAdmission']>[0];

/**
 * Also runs when the workflow is cancelled. If the release fails, the admission's check of its holders finds the
 * slot.
 */
export async function leaveAdmission(left: Left): Promise<void> {
  const activities = proxyLocalActivities<AdmissionActivities>(leaveOptions);
  await CancellationScope.nonCancellable(() => activities.leaveAdmission(left)).catch(
    (error: unknown) => {
      rethrowMissingActivity(error);
      log.warn('Could not release the admission slot', { error });
    },
  );
}
