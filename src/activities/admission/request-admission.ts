import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type {
  AdmissionTicket,
  SubmitFailure,
  SubmitVideoInput,
  SubmittedVideo,
  VideoActivities,
} from '../../contract/activities.ts';
import type {
  AdmissionAnswer,
  AdmissionRequest,
  ClaimedAdmission,
  Grant,
  ModelOutage,
  VideoCost,
} from '../../contract/admission.ts';
import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { noSlotWords, type PlaceInQueue } from '../../contract/place-in-queue.ts';
import { costOf } from '../../contract/price/video-cost.ts';
import { readLabels } from '../../contract/video-labels.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { AdmissionClient } from './admission-client.ts';
import type { CheckModel } from '../submit/check-model.ts';
import { parseRequest, refusedRequest, type CheckedSubmit } from '../submit/check-submit.ts';
import { demandCallbacks, type CallbackCheck } from '../submit/demand-callbacks.ts';
import { findClaim, type FoundClaim } from '../submit/earlier-claim.ts';
import type { KnownPrices } from './known-prices.ts';
import { submitFailed } from '../to-application-failure.ts';

/** When a video requests again if it gets no signal; doubled each time, up to 16 times as long. */
const askAgainMs = { queued: 120_000, unanswered: 5_000 };

/** A submit that has passed the checks, with the result of its claim lookup. */
export interface KeyedSubmit extends CheckedSubmit, FoundClaim {
  input: SubmitVideoInput;
  /** When the activity began, milliseconds since the epoch: its time limit counts from there. */
  startedAt: number;
}

/** An admitted submit as input of the paid POST. `admission` is absent if a claim answers. */
export interface AdmittedSubmit extends KeyedSubmit {
  admission?: ClaimedAdmission;
}

export interface AskOptions extends CallbackCheck {
  admission: AdmissionClient;
  claims: Pick<SubmitClaims, 'find'>;
  /** Absent if the gateway's list of models is unreliable. */
  checkModel?: CheckModel;
  /** The most concurrent jobs at the gateway, unless a person has set another number. */
  maxJobs: number;
  /** Used to compute what a video costs at most. */
  prices: KnownPrices;
  /** The worker's deadline for a video. */
  deadlineMs: number;
  /** Whether the gateway runs plugins. */
  host?: HostGeneration;
}

export interface AdmittedSubmitOptions extends Omit<AskOptions, 'claims'> {
  /** The paid POST. */
  submitVideo: (submit: AdmittedSubmit) => Promise<SubmittedVideo>;
}

/**
 * Requests admission before the paid activity is scheduled, so that a worker that dies meanwhile has sent nothing.
 *
 * A submit with an existing claim or a closed key needs no admission, because nothing will be sent. While the claims
 * cannot be read nothing is sent, because the key may have been paid for already.
 */
export function createRequestAdmission(options: AskOptions): VideoActivities['requestAdmission'] {
  const { admission, claims } = options;
  return async (input): Promise<AdmissionTicket> => {
    const request = parseRequest(input.request);
    const asking = askingFor({ input, request }, options);
    if ((await findClaim(claims, input)).found) return { outcome: 'claimed' };
    await demandCallbacks(options, { input, request });
    const ask = { ...asking, cost: await mostItCosts(request, options) };
    const waiting = await unlessGranted(ask, { input, options });
    if (waiting) return { outcome: 'waiting', ...waiting };
    const { id, storageId } = admission;
    return { outcome: 'granted', admission: { ...toClaimed(id, ask), storageId } };
  };
}

/**
 * Submits what was admitted: the cost is reserved before the POST. A submit without a grant of this account requests
 * admission here, as workflows of older versions do; if no slot is free it fails with `waiting`. A grant of another
 * storage is never used: the key may have a claim there.
 *
 * If the POST certainly cost nothing, slot and cost are released, but only within the activity's time limit: later,
 * the slot may belong to the next submit of the same video. If a limit of the API key refused the POST, both are kept,
 * since that limit stops the other submits as well.
 */
export function createAdmittedSubmit(
  options: AdmittedSubmitOptions,
): (submit: KeyedSubmit) => Promise<SubmittedVideo> {
  const { submitVideo, admission } = options;
  return async (submit) => {
    const { input, request, startedAt } = submit;
    const asking = askingFor(submit, options);
    const granted = input.admission?.id === admission.id ? input.admission : undefined;
    if (!granted && submit.found) return submitVideo(submit);
    // The claim records what was reserved: the prices may have changed since.
    const ask = { ...asking, cost: granted?.cost ?? (await mostItCosts(request, options)) };
    const waiting = granted ? null : await unlessGranted(ask, { input, options });
    if (waiting) throw waitingForSlot(waiting);
    try {
      demandSameStorage(granted, admission);
      const submitted = await submitVideo({ ...submit, admission: toClaimed(admission.id, ask) });
      return { ...submitted, admitted: true, admissionId: admission.id };
    } catch (error) {
      const spent = spentBy(error);
      if (spent && isInTime(startedAt)) {
        await admission.release({ videoId: ask.videoId, spent }).catch(logUnreleased);
      }
      throw error;
    }
  };
}

function demandSameStorage(granted: Grant | undefined, { storageId }: AdmissionClient): void {
  if (granted?.storageId === undefined || granted.storageId === storageId) return;
  throw submitFailed({
    kind: 'storage_unavailable',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    message: `The claims of this account are in storage "${granted.storageId}", and a worker has storage "${storageId}": nothing was sent. Set STORAGE_URL of that worker, and restart it`,
  });
}

/** After the time limit the workflow has released the slot itself, and may have requested the next one. */
function isInTime(startedAt: number): boolean {
  return Date.now() < startedAt + Context.current().info.startToCloseTimeoutMs;
}

function askingFor(
  { input, request }: Pick<KeyedSubmit, 'input' | 'request'>,
  options: Pick<AskOptions, 'deadlineMs' | 'maxJobs'>,
): Omit<AdmissionRequest, 'cost'> {
  const read = readLabels(input);
  if (!read.ok) throw refusedRequest(`Invalid "${read.field}": ${read.message}`);
  const { tags = [], priority = 'interactive', batch } = read.labels;
  return {
    videoId: Context.current().info.workflowExecution?.workflowId ?? '',
    claimKey: input.claimKey,
    model: request.body.model,
    tags,
    priority,
    ...(batch && { batch }),
    deadlineMs: input.deadlineMs ?? options.deadlineMs,
    maxJobs: options.maxJobs,
    ...(input.waitingSince !== undefined && { waitingSince: input.waitingSince }),
  };
}

async function mostItCosts(
  request: VideoRequest,
  { prices, host }: Pick<AskOptions, 'prices' | 'host'>,
): Promise<VideoCost> {
  return costOf(request, { prices: await prices(), host });
}

function toClaimed(id: string, { tags, batch, cost }: AdmissionRequest): ClaimedAdmission {
  return { id, tags, ...(batch && { batch: { name: batch.name, runId: batch.runId } }), cost };
}

type Unanswered = { outcome: 'unanswered' };

interface WaitingForSlot {
  message: string;
  retryAfterMs: number;
  queue?: PlaceInQueue;
}

/** Returns null if a slot was granted. An unavailable admission means waiting; it never fails a video. */
async function unlessGranted(
  ask: AdmissionRequest,
  {
    input,
    options: { admission, checkModel },
  }: { input: SubmitVideoInput; options: Pick<AskOptions, 'admission' | 'checkModel'> },
): Promise<WaitingForSlot | null> {
  await checkModel?.(input, ask.model);
  const answer = await admission.ask(ask).catch((error: unknown): AdmissionAnswer | Unanswered => {
    Context.current().log.warn('The admission did not answer', { error });
    return { outcome: 'unanswered' };
  });
  switch (answer.outcome) {
    case 'granted':
      return null;
    case 'waiting': {
      const { retryAfterMs = askAgainMs.queued, outage, queue } = answer;
      const message = outage ? outageWords(outage) : noSlotWords(queue?.slots);
      return { message, retryAfterMs, ...(queue && { queue }) };
    }
    case 'unanswered':
      return { message: 'The admission did not answer', retryAfterMs: askAgainMs.unanswered };
    case 'refused':
      throw submitFailed({
        kind: 'cap_exceeded',
        outcome: 'refused',
        billed: 'no',
        message: answer.message,
      });
  }
}

function outageWords({ model, failures }: ModelOutage): string {
  return `The last ${failures} jobs of model "${model}" failed at the vendor: one job at a time is sent until one succeeds`;
}

function waitingForSlot(waiting: WaitingForSlot) {
  return submitFailed({
    kind: 'rate_limited',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    waiting: true,
    ...waiting,
  });
}

/** What to release after a failure: `no` releases slot and cost, `maybe` the slot only; undefined releases nothing. */
function spentBy(error: unknown): 'no' | 'maybe' | undefined {
  if (error instanceof CancelledFailure) return 'no';
  if (!(error instanceof ApplicationFailure)) return undefined;
  const failure = error.details?.[0] as SubmitFailure | undefined;
  switch (failure?.outcome) {
    case 'refused':
      return 'no';
    case 'not_accepted':
      // A limit of the API key stops the other submits, too; for a limit of one model, keeping the slot would block
      // other models.
      return failure.kind === 'rate_limited' && failure.limit !== 'model' ? undefined : 'no';
    case 'unknown':
      return failure.answered ? 'maybe' : undefined;
    default:
      return undefined;
  }
}

function logUnreleased(error: unknown): void {
  Context.current().log.warn('Could not release what the admission reserved', { error });
}
