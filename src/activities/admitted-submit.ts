import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type {
  SubmitFailure,
  SubmitVideoInput,
  SubmittedVideo,
  VideoActivities,
} from '../contract/activities.ts';
import type { AdmissionAnswer, AdmissionAsk, ClaimedAdmission } from '../contract/admission.ts';
import { costOf, type PriceList } from '../contract/video-cost.ts';
import { readLabels } from '../contract/video-labels.ts';
import type { SubmitClaims } from '../storage/submit-claims.ts';
import type { AdmissionClient } from './admission-client.ts';
import { parseRequest, refused } from './check-submit.ts';
import { submitFailed } from './to-application-failure.ts';

/** When a video asks again that is not called; doubled each time, at most 16 times as long. */
const askAgainMs = { queued: 120_000, unanswered: 5_000 };

/** A submit that was admitted, as the paid activity takes it. */
export interface AdmittedSubmit extends SubmitVideoInput {
  /** What the claim says of it. */
  admission?: ClaimedAdmission;
  /** When the activity began, milliseconds since the epoch: its time limit counts from there. */
  startedAt?: number;
}

export interface AdmittedSubmitOptions {
  /** The paid POST. */
  submitVideo: (input: AdmittedSubmit) => Promise<SubmittedVideo>;
  admission: AdmissionClient;
  claims: Pick<SubmitClaims, 'read'>;
  /** Jobs at the gateway at once, unless a person has set another number. */
  maxJobs: number;
  prices: PriceList;
  /** The worker's deadline for a video. */
  deadlineMs: number;
}

/**
 * Asks the admission, then submits: the cost is reserved before the POST. Where no slot is free it sends nothing and
 * fails with `waiting`, so that nothing is held while a video stands in the queue.
 *
 * A submit whose claim exists needs no admission: nothing will be sent. What the POST surely did not spend is given
 * back; what a limit of the key refused keeps its slot, since that limit stops the others as well.
 */
export function createAdmittedSubmit(
  options: AdmittedSubmitOptions,
): VideoActivities['submitVideo'] {
  const { submitVideo, admission, claims } = options;
  return async (input) => {
    const startedAt = Date.now();
    const ask = toAsk(input, options);
    const claim = await claims.read(input.claimKey).catch(() => null);
    if (claim) return submitVideo({ ...input, startedAt });
    await stopUnlessGranted(admission.ask(ask));
    try {
      const claimed = { id: admission.id, ...toClaimed(ask) };
      const submitted = await submitVideo({ ...input, startedAt, admission: claimed });
      return { ...submitted, admitted: true, admissionId: admission.id };
    } catch (error) {
      if (sparesMoneyAndSlot(error)) {
        await admission.release({ videoId: ask.videoId, spent: 'no' }).catch(logUnreleased);
      }
      throw error;
    }
  };
}

function toAsk(input: SubmitVideoInput, options: AdmittedSubmitOptions): AdmissionAsk {
  const request = parseRequest(input.request);
  const read = readLabels(input);
  if (!read.ok) throw refused(`Invalid "${read.field}": ${read.message}`);
  const { tags = [], priority = 'interactive', batch } = read.labels;
  return {
    videoId: Context.current().info.workflowExecution?.workflowId ?? '',
    claimKey: input.claimKey,
    model: request.body.model,
    tags,
    priority,
    ...(batch && { batch }),
    cost: costOf(request, options.prices),
    deadlineMs: input.deadlineMs ?? options.deadlineMs,
    maxJobs: options.maxJobs,
    ...(input.waitingSince !== undefined && { waitingSince: input.waitingSince }),
  };
}

function toClaimed({ tags, batch, cost }: AdmissionAsk): Omit<ClaimedAdmission, 'id'> {
  return { tags, ...(batch && { batch: { name: batch.name, runId: batch.runId } }), cost };
}

/** An admission that cannot be asked is waited for; it never fails a video. */
async function stopUnlessGranted(asked: Promise<AdmissionAnswer>): Promise<void> {
  const answer = await asked.catch((error: unknown) => {
    Context.current().log.warn('The admission did not answer', { error });
    return { outcome: 'unanswered' } as const;
  });
  switch (answer.outcome) {
    case 'granted':
      return;
    case 'waiting':
      throw waiting('The admission has no slot free', answer.retryAfterMs ?? askAgainMs.queued);
    case 'unanswered':
      throw waiting('The admission did not answer', askAgainMs.unanswered);
    case 'refused':
      throw submitFailed({
        kind: 'cap_exceeded',
        outcome: 'refused',
        billed: 'no',
        message: answer.message,
      });
  }
}

function waiting(message: string, retryAfterMs: number) {
  return submitFailed({
    kind: 'rate_limited',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    waiting: true,
    retryAfterMs,
    message,
  });
}

function sparesMoneyAndSlot(error: unknown): boolean {
  if (error instanceof CancelledFailure) return true;
  if (!(error instanceof ApplicationFailure)) return false;
  const failure = error.details?.[0] as SubmitFailure | undefined;
  if (failure?.outcome === 'refused') return true;
  // A limit of the key stops the other submits, too; one of a model would keep the slot from healthy models.
  const keepsSlot = failure?.kind === 'rate_limited' && failure.limit !== 'model';
  return failure?.outcome === 'not_accepted' && !keepsSlot;
}

function logUnreleased(error: unknown): void {
  Context.current().log.warn('What the admission reserved could not be given back', { error });
}
