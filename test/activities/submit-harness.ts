import type { SubmittedVideo, SubmitVideoInput } from '../../src/contract/activities.ts';
import type { VideoFailure } from '../../src/contract/failure.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { createCheckSpace } from '../../src/activities/submit/check-space.ts';
import type { KeyedSubmit } from '../../src/activities/admission/request-admission.ts';
import { checkSubmit } from '../../src/activities/submit/check-submit.ts';
import { findClaim } from '../../src/activities/submit/earlier-claim.ts';
import { createOwnCallback } from '../../src/activities/submit/own-callback.ts';
import { createSubmitVideo } from '../../src/activities/submit/submit-video.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { createJobOwners } from '../../src/storage/claims/job-owners.ts';
import { createStoredImages } from '../../src/storage/records/stored-images.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import { createCheckCallback } from '../../src/storage/records/check-callback.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import { createSubmitThrottle } from '../../src/storage/records/submit-throttle.ts';
import type { SubmitClaim } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims, type SubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { createFakeGateway, type GatewayScript } from '../fakes/fake-gateway.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { account } from '../fakes/gateway-account.ts';

export const claimKey = 'video/demo';
export const submittedAt = 1_700_000_000_000;

export const request: VideoRequest = {
  format: 'generations',
  body: { model: 'kling-v1', prompt: 'a very secret lighthouse', size: '1280x720' },
};

export const workflowExecution = { workflowId: claimKey, runId: 'run-1' };

/** The claim of `input`, as the activity makes it. */
export const claim = {
  claimKey,
  ...workflowExecution,
  requestDigest: requestDigest(request),
  gateway: 'https://gateway.test',
  format: 'generations',
  model: 'kling-v1',
  claimedAt: submittedAt,
};

export const input: SubmitVideoInput = { request, claimKey };

interface SubmitSetting extends GatewayScript {
  /** Is sent to in place of the fake gateway. */
  realGateway?: Gateway;
  /** Puts something between the activity and its storage. */
  through?: (storage: VideoStorage) => VideoStorage;
  /** Where the worker receives callbacks of the gateway. */
  callbackUrl?: string;
  /** How the run that made an earlier claim ended. */
  earlierFailure?: VideoFailure;
}

/** The submit activity over a fake gateway and real claims and images in a folder of its own. */
export async function submitHarness({
  through = same,
  earlierFailure,
  realGateway,
  callbackUrl,
  ...script
}: SubmitSetting = {}) {
  const temp = await tempStorage();
  const gateway = createFakeGateway({ submit: [{ jobId: 'task_1' }], ...script });
  const storage = through(temp.storage);
  const images = createStoredImages({ storage });
  const claims = createSubmitClaims({ storage });
  const owners = createJobOwners({ storage, gateway: gateway.origin });
  const throttle = createSubmitThrottle({ storage, gateway: gateway.origin, key: 'sk-test' });
  const now = () => submittedAt;
  const earlierRuns = { failureOf: async () => earlierFailure ?? null };
  const checkSpace = createCheckSpace({ storage, maxBytes: 4 * 1024 ** 3 });
  const ports = {
    gateway: realGateway ?? gateway,
    account,
    claims,
    owners,
    images,
    throttle,
    earlierRuns,
    storage,
    checkSpace,
    callback: createOwnCallback({ url: callbackUrl }),
  };
  const endpoints = createWebhookEndpoints({ storage });
  const checkCallback = createCheckCallback({ endpoints, trustedOrigins: [] });
  const post = createSubmitVideo({ ...ports, checkCallback, deadlineMs: 60_000, now });
  return {
    gateway,
    storage: temp.storage,
    images,
    claims,
    owners,
    endpoints,
    throttle,
    files: temp.files,
    /** The paid POST alone, of a submit that was checked and found. */
    post,
    submitVideo: asActivity(claims, post, now),
    readClaimText: () => temp.text(claimObjectKey(claimKey)),
    readClaim: async () => JSON.parse(await temp.text(claimObjectKey(claimKey))) as SubmitClaim,
  };
}

/** A step of the submit as an activity: the submit is checked, and its claim looked for, before it. */
export function asActivity(
  claims: Pick<SubmitClaims, 'find'>,
  submit: (keyed: KeyedSubmit) => Promise<SubmittedVideo>,
  now: () => number = Date.now,
) {
  return async (given: SubmitVideoInput): Promise<SubmittedVideo> => {
    const checked = checkSubmit(given);
    const found = await findClaim(claims, given, checked.warnings);
    return submit({ input: given, startedAt: now(), ...checked, ...found });
  };
}

function same(storage: VideoStorage): VideoStorage {
  return storage;
}
