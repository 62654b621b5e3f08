import { Context } from '@temporalio/activity';
import type { SubmittedVideo, VideoActivities } from '../../contract/activities.ts';
import { isResubmitId } from '../../contract/key-text.ts';
import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { NewClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { KeyedSubmit } from '../admission/request-admission.ts';
import { checkSubmit, newClaim, refusedRequest } from './check-submit.ts';
import { answerFromStored, beforeSending, findClaim, unreadableVideo } from './earlier-claim.ts';
import { submitFailed } from '../to-application-failure.ts';
import { hasFile, storedBefore } from './stored-before.ts';

/** The clocks of caller and worker may differ by this much. Runs that Temporal has deleted are older than this. */
const clockSlackMs = 5 * 60_000;

export interface KeyedSubmitOptions {
  /** Answers from the claim of the key, or sends the paid POST. */
  submitVideo: (submit: KeyedSubmit) => Promise<SubmittedVideo>;
  gateway: Pick<Gateway, 'origin'>;
  claims: Pick<SubmitClaims, 'find' | 'giveJob'>;
  storage: Pick<VideoStorage, 'head' | 'readSmall' | 'uriOf'>;
  /** The worker's deadline for a video. */
  deadlineMs: number;
  /** Whether the gateway runs plugins. */
  host?: HostGeneration;
}

/**
 * A key with a stored video is never submitted again, even if its claim and all its workflow histories are lost.
 *
 * The submit is checked and its claim is looked up once, for all later steps. If the video is stored but its key has no
 * claim, the video is the answer, without a new submit, and the key then gets its claim. The job of a resubmit is also
 * written into the claim of the key itself, because a later start reads that claim first.
 */
export function createKeyedSubmit(options: KeyedSubmitOptions): VideoActivities['submitVideo'] {
  const { claims, gateway, host } = options;
  return async (input) => {
    const startedAt = Date.now();
    const { workflowId = input.claimKey } = Context.current().info.workflowExecution ?? {};
    const checked = checkSubmit(input, host);
    const found = await findClaim(claims, input, checked.warnings);
    const submit = { input, startedAt, ...checked, ...found };
    demandOwnId(submit, workflowId);
    const claim = newClaim(submit, {
      claimKey: workflowId,
      gateway: gateway.origin,
      claimedAt: startedAt,
    });
    const stored = await answerWithoutClaim(options, { submit, claim });
    const submitted = stored ?? (await options.submitVideo(submit));
    if (stored || input.claimKey !== workflowId) await giveJob(options, { claim, submitted });
    return submitted;
  };
}

/** The claim of a resubmit belongs to another video: a run under such an id has no claim of its own. */
function demandOwnId({ found }: KeyedSubmit, workflowId: string): void {
  if (!isResubmitId(workflowId)) return;
  if (found && found !== 'closed' && found.workflowId === workflowId) return;
  throw refusedRequest(
    `The id "${workflowId}" ends like a resubmit of another video: choose another key`,
  );
}

/** Returns null if the claim has to answer or nothing is stored. */
async function answerWithoutClaim(
  { storage, deadlineMs }: Pick<KeyedSubmitOptions, 'storage' | 'deadlineMs'>,
  { submit, claim }: { submit: KeyedSubmit; claim: NewClaim },
): Promise<SubmittedVideo | null> {
  const { found, warnings, input } = submit;
  if (found && found !== 'closed') {
    demandNew(submit, found.claimedAt);
    return null;
  }
  const { workflowId } = claim;
  return beforeSending(warnings, async () => {
    const { spelledId = workflowId } = input;
    const stored =
      (await storedBefore(storage, workflowId)) ?? (await storedBefore(storage, spelledId));
    if (stored) demandNew(submit, stored.storedAt);
    if (stored) return answerFromStored(stored, { claim, warnings, deadlineMs });
    if (await hasFile(storage, workflowId)) throw unreadableVideo(claim, warnings);
    return null;
  });
}

/**
 * A caller that requests a new video must not get an earlier one. The claim of this run is always newer than its
 * request.
 */
function demandNew({ input: { freshSince }, claimKey }: KeyedSubmit, paidAt: number): void {
  if (freshSince === undefined || paidAt >= freshSince - clockSlackMs) return;
  const at = new Date(paidAt).toISOString();
  const message = `"${claimKey}" was paid for at ${at}, and a new video was requested: nothing was sent. Request the next take`;
  throw submitFailed({ kind: 'key_conflict', outcome: 'refused', billed: 'no', message });
}

/** Writes the job into the claim of the key. If that fails, the workflow still knows the job. */
async function giveJob(
  { claims }: Pick<KeyedSubmitOptions, 'claims'>,
  { claim, submitted }: { claim: NewClaim; submitted: SubmittedVideo },
): Promise<void> {
  const { jobId, submittedAt, account } = submitted;
  const ofKey = { ...claim, ...(account && { account }) };
  await claims.giveJob(ofKey, { jobId, submittedAt }).catch((error: unknown) => {
    Context.current().log.error('The job of a key could not be written into its claim', { error });
  });
}
