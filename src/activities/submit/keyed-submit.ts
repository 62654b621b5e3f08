import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { Context } from '@temporalio/activity';
import type { SubmittedVideo } from '../../contract/activities.ts';
import { isResubmitId } from '../../contract/key-text.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import type { NewClaim } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { AdmittedSubmit } from '../admission/admitted-submit.ts';
import { checkedWarnings, parseRequest, refused } from './check-submit.ts';
import { answerFromStored, beforeSending, unreadableVideo } from './earlier-claim.ts';
import { submitFailed } from '../to-application-failure.ts';
import { hasFile, storedBefore } from './stored-before.ts';

/** The clocks of caller and worker differ; what Temporal has forgotten is older than this. */
const clockSlackMs = 5 * 60_000;

export interface KeyedSubmitOptions<Input extends AdmittedSubmit> {
  /** Answers from the claim of the key, or sends the paid POST. */
  submitVideo: (input: Input) => Promise<SubmittedVideo>;
  gateway: Pick<Gateway, 'origin'>;
  claims: Pick<SubmitClaims, 'read' | 'giveJob'>;
  storage: Pick<VideoStorage, 'head' | 'readSmall' | 'uriOf'>;
  /** The worker's deadline for a video. */
  deadlineMs: number;
  /** Whether the gateway runs plugins. */
  host?: HostGeneration;
}

/**
 * A key that has a video is never paid again, whatever became of its claim and of every history.
 *
 * A stored video whose key has no claim answers before any claim is made, and gets its claim. A job that a resubmit got
 * is written into the claim of the key itself, where a later start looks first.
 */
export function createKeyedSubmit<Input extends AdmittedSubmit>(
  options: KeyedSubmitOptions<Input>,
): (input: Input) => Promise<SubmittedVideo> {
  return async (input) => {
    const { workflowId, runId } = executionOf(input);
    const request = parseRequest(input.request);
    const claim: NewClaim = {
      claimKey: workflowId,
      gateway: options.gateway.origin,
      requestDigest: requestDigest(request),
      workflowId,
      runId,
      format: request.format,
      model: request.body.model,
      claimedAt: Date.now(),
    };
    await demandOwnId(options, { input, claim });
    const claimKey = await spelledKey(options, input);
    const stored = await answerWithoutClaim(options, { input: { ...input, claimKey }, claim });
    const submitted = stored ?? (await options.submitVideo({ ...input, claimKey }));
    if (stored || input.claimKey !== workflowId) await giveJob(options, { claim, submitted });
    return submitted;
  };
}

function executionOf({ claimKey }: AdmittedSubmit): { workflowId: string; runId: string } {
  const { workflowExecution } = Context.current().info;
  return {
    workflowId: workflowExecution?.workflowId ?? claimKey,
    runId: workflowExecution?.runId ?? '',
  };
}

/** The claim of a resubmit is that of another video: a run under such an id has none of its own. */
async function demandOwnId(
  { claims }: Pick<KeyedSubmitOptions<never>, 'claims'>,
  { input, claim }: { input: AdmittedSubmit; claim: NewClaim },
): Promise<void> {
  const { workflowId } = claim;
  if (!isResubmitId(workflowId)) return;
  const earlier = await beforeSending([], () => claims.read(input.claimKey));
  if (earlier?.workflowId === workflowId) return;
  throw refused(`The id "${workflowId}" ends like a resubmit of another video: choose another key`);
}

/** An earlier version may have made the claim under the spelling that the caller uses. */
async function spelledKey(
  { claims }: Pick<KeyedSubmitOptions<never>, 'claims'>,
  { claimKey, spelledId }: AdmittedSubmit,
): Promise<string> {
  if (spelledId === undefined || spelledId.normalize('NFC') !== claimKey) return claimKey;
  const isKnown = await beforeSending([], async () => !!(await claims.read(spelledId)));
  return isKnown ? spelledId : claimKey;
}

/** Null where the claim answers, or where nothing is stored. */
async function answerWithoutClaim(
  {
    claims,
    storage,
    deadlineMs,
    host,
  }: Pick<KeyedSubmitOptions<never>, 'claims' | 'storage' | 'deadlineMs' | 'host'>,
  { input, claim }: { input: AdmittedSubmit; claim: NewClaim },
): Promise<SubmittedVideo | null> {
  const warnings = checkedWarnings(parseRequest(input.request), { ...input, host });
  return beforeSending(warnings, async () => {
    const earlier = await claims.read(input.claimKey);
    if (earlier) demandNew(input, earlier.claimedAt);
    if (earlier) return null;
    const { spelledId = claim.workflowId } = input;
    const stored =
      (await storedBefore(storage, claim.workflowId)) ?? (await storedBefore(storage, spelledId));
    if (stored) demandNew(input, stored.storedAt);
    if (stored) return answerFromStored(stored, { claim, warnings, deadlineMs });
    if (await hasFile(storage, claim.workflowId)) throw unreadableVideo(claim, warnings);
    return null;
  });
}

/** Whoever asks for a new video must not be given an earlier one as new. A claim of this very run is younger. */
function demandNew({ freshSince, claimKey }: AdmittedSubmit, paidAt: number): void {
  if (freshSince === undefined || paidAt >= freshSince - clockSlackMs) return;
  const at = new Date(paidAt).toISOString();
  const message = `"${claimKey}" was paid for at ${at}, and a new video was asked for: nothing was sent. Ask again for the take after it`;
  throw submitFailed({ kind: 'key_conflict', outcome: 'refused', billed: 'no', message });
}

/** Whatever of it fails, the workflow knows the job. */
async function giveJob(
  { claims }: Pick<KeyedSubmitOptions<never>, 'claims'>,
  { claim, submitted }: { claim: NewClaim; submitted: SubmittedVideo },
): Promise<void> {
  const { jobId, submittedAt, account } = submitted;
  const ofKey = { ...claim, ...(account && { account }) };
  await claims.giveJob(ofKey, { jobId, submittedAt }).catch((error: unknown) => {
    Context.current().log.error('The job of a key could not be written into its claim', { error });
  });
}
