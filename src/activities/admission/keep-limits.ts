import type { AdmissionActivities } from '../../contract/admission.ts';
import type { KeptLimits } from '../../storage/records/kept-limits.ts';

/** Stores the limits that people set; a new admission loads them. */
export function createLimitActivities({
  limits,
}: {
  limits: KeptLimits;
}): Pick<AdmissionActivities, 'loadLimits' | 'keepLimits'> {
  return {
    loadLimits: ({ admissionId }) => limits.load(admissionId),
    keepLimits: (input) => limits.keep(input.admissionId, input.limits),
  };
}
