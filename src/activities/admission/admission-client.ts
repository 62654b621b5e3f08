import { Context } from '@temporalio/activity';
import type {
  AdmissionActivities,
  AdmissionAnswer,
  AdmissionRelease,
  AdmissionRequest,
} from '../../contract/admission.ts';
import { createAdmissionRequests } from './admission-requests.ts';
import { createListTakers } from './list-takers.ts';
import { createSlotReleases, type SlotReleases } from './slot-releases.ts';

/** The admission of the gateway account that this worker serves. */
export interface AdmissionClient {
  readonly id: string;
  /** Id of the storage that holds the claims. */
  readonly storageId: string;
  ask(ask: AdmissionRequest): Promise<AdmissionAnswer>;
  release(release: AdmissionRelease): Promise<void>;
}

/** The admission of an account, and the release of slots of any account. Both share what they know of lists. */
export function openAdmission({
  id,
  storageId,
}: {
  id: string;
  /** Id of the storage that holds the claims; an admission of another storage refuses the request. */
  storageId: string;
}): { admission: AdmissionClient; releases: SlotReleases } {
  const takers = createListTakers();
  const releases = createSlotReleases(takers);
  const requests = createAdmissionRequests({ id, takers });
  const admission: AdmissionClient = {
    id,
    storageId,
    ask: (given) => requests.send({ ...given, storageId }),
    release: (release) => releases.release(id, release),
  };
  return { admission, releases };
}

/**
 * Tells the admission that the calling video has left the gateway, or never reached it; `spent` says whether it has
 * cost anything, as far as that is known. The admission is the one that its submit named, because the worker that runs
 * this activity may have another API key, or none.
 */
export function createLeaveAdmission(
  ownId: string,
  releases: SlotReleases,
): AdmissionActivities['leaveAdmission'] {
  return ({ admissionId = ownId, spent = 'yes', charged, ending } = {}) =>
    releases.release(admissionId, {
      videoId: Context.current().info.workflowExecution?.workflowId ?? '',
      spent,
      ...(charged && { charged }),
      ...(ending && { ending }),
    });
}
