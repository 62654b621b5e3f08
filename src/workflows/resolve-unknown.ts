import {
  condition,
  defineUpdate,
  metricMeter,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  Reconciliation,
  SubmitFailure,
  UnclearAnswer,
  VideoActivities,
} from '../contract/activities.ts';
import { messageNames, type ResolveSubmission } from '../contract/messages.ts';
import { observe } from '../contract/metrics.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { reconcileOptions } from './activity-options.ts';
import { takeJob } from './adopt-job.ts';
import { closeUnsent } from './close-unsent.ts';
import { isCancel } from './failures.ts';
import type { UnknownSubmit } from './submit-outcome.ts';
import type { VideoTracker } from './video-tracker.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** After the look at this time a person is needed, or earlier if there is nothing left to look for. */
const personAfterMs = 5 * minuteMs;
/** When to read the gateway's records after a submit was found unknown; then once a day. */
const lookAfterMs = [1_000, 30_000, 90_000, personAfterMs, hourMs, 4 * hourMs, 12 * hourMs];
const lookEveryMs = 24 * hourMs;
const lookOutOfTurnMs = hourMs;
/** Short: other sources are read afterwards, and a person may be waiting. */
const closeWithin = '1m';

export type Decision =
  | ResolveSubmission
  | { action: 'adopt'; jobId: string; submittedAt?: number }
  | { action: 'not billed' }
  | { action: 'not sent' };

/**
 * Handles update `resolveSubmission` and waits until an unknown submit is resolved: by a person, or by the gateway's
 * records, which show that the job is ours or prove that nothing was billed. It waits without limit; each reading of
 * the records is also a reminder.
 *
 * @param onPersonNeeded Called once per unknown submit, if the first readings have not resolved it.
 */
export function resolveUnknown(
  request: VideoRequest,
  tracker: VideoTracker,
  onPersonNeeded: () => void,
) {
  let decision: ResolveSubmission | undefined;
  let isTaking = false;
  /** Prevents other decisions meanwhile. */
  const taking = async (jobId: string) => {
    isTaking = true;
    await takeJob(jobId).finally(() => (isTaking = false));
  };
  setHandler(
    defineUpdate<void, [ResolveSubmission]>(messageNames.resolveSubmission),
    async (given) => {
      if (given.action === 'adopt' && patched('job-owners')) await taking(given.jobId);
      decision = given;
      tracker.decided(given.action);
    },
    { validator: (given) => validateDecision(given, tracker, isTaking || decision !== undefined) },
  );
  return {
    next: async (unknown: UnknownSubmit): Promise<Decision> => {
      decision = undefined;
      tracker.unresolved(unknown);
      let worthLooking = true;
      const unsent = lookForClaim(unknown);
      const schedule = lookSchedule(unknown, onPersonNeeded);
      for (;;) {
        await condition(() => decision !== undefined, schedule.dueInMs());
        if (decision) return decision;
        remind(tracker, unknown);
        const isUnsent = await unsent.look();
        const found: Reconciliation | null =
          worthLooking && !isUnsent ? await reconcile(request, unknown) : null;
        const decided = decision as ResolveSubmission | undefined;
        if (decided?.action === 'adopt') return decided;
        // A job that is proved to be ours has priority over a decision to pay again.
        if (found?.adopted) return { action: 'adopt', ...found.adopted };
        if (isUnsent && decided?.action !== 'abandon') return { action: 'not sent' };
        if (decided) return decided;
        if (found?.notBilled) return { action: 'not billed' };
        if (found) tracker.reconciled(found);
        worthLooking = found?.worthRepeating ?? worthLooking;
        schedule.looked(found, { isLeft: worthLooking || unsent.isOpen() });
      }
    },
  };
}

/**
 * Repeats until a worker has determined whether a submit without an answer made its claim. True: it made none and
 * never will.
 */
function lookForClaim({ claimKey, unanswered }: UnknownSubmit) {
  let isOpen = unanswered !== undefined;
  return {
    isOpen: () => isOpen,
    look: async (): Promise<boolean> => {
      if (!isOpen || !patched('close-unsent-later')) return false;
      const isUnsent = await closeUnsent({ claimKey, ...unanswered }, closeWithin);
      if (isUnsent !== undefined) isOpen = false;
      return isUnsent ?? false;
    },
  };
}

/** Calls once, as soon as the looks at the beginning are over or nothing is left to look in. */
function afterFirstLooks({ toMs }: UnknownSubmit, act: () => void): (isLeft: boolean) => void {
  let isDone = false;
  return (isLeft) => {
    if (isDone || (isLeft && Date.now() < toMs + personAfterMs)) return;
    isDone = true;
    act();
  };
}

function lookSchedule(unknown: UnknownSubmit, onPersonNeeded: () => void) {
  const needPerson = afterFirstLooks(unknown, onPersonNeeded);
  let looks = 0;
  let dueAtMs = lookAtMs(0, unknown);
  return {
    dueInMs: () => Math.max(1, dueAtMs - Date.now()),
    /**
     * @param found Null if the sources could not be read.
     * @param isLeft There is a source to look in again.
     */
    looked: (found: Reconciliation | null, { isLeft }: { isLeft: boolean }) => {
      needPerson(isLeft);
      const againAtMs = Date.now() + (found?.lookAgainInMs ?? Infinity);
      // A record that could not be read is read again before its regular time, while that is worth the events in
      // the history.
      const outOfTurn = againAtMs < unknown.toMs + lookOutOfTurnMs;
      if (!outOfTurn) looks += 1;
      dueAtMs = outOfTurn ? againAtMs : lookAtMs(looks, unknown);
    },
  };
}

function lookAtMs(look: number, { toMs }: UnknownSubmit): number {
  const last = lookAfterMs.at(-1) ?? 0;
  const dueMs = lookAfterMs[look] ?? last + (look - lookAfterMs.length + 1) * lookEveryMs;
  return toMs + dueMs;
}

/** Null if the sources could not be read this time. */
async function reconcile(
  request: VideoRequest,
  { claimKey, fromMs, toMs, failure }: UnknownSubmit,
): Promise<Reconciliation | null> {
  const { reconcileSubmit } = proxyActivities<VideoActivities>({
    ...reconcileOptions,
    summary: "look for the job in the gateway's own records",
  });
  const { workflowId } = workflowInfo();
  try {
    const answer = answerOf(failure);
    const looked = { request, claimKey, videoId: workflowId, fromMs, toMs };
    return await reconcileSubmit({ ...looked, ...(answer && { answer }) });
  } catch (error) {
    if (isCancel(error)) throw error;
    return null;
  }
}

/** A submit with a lost answer has no request id. */
function answerOf({
  requestId,
  httpStatus,
  gatewayCode,
}: SubmitFailure): UnclearAnswer | undefined {
  if (requestId === undefined) return undefined;
  return {
    requestId,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(gatewayCode !== undefined && { gatewayCode }),
  };
}

/** The age is reported as a metric, so that alerts can tell fresh cases from old ones. */
function remind(tracker: VideoTracker, { fromMs }: UnknownSubmit): void {
  const ageHours = (Date.now() - fromMs) / hourMs;
  tracker.unresolvedFor(
    ageHours < 24 ? `${Math.floor(ageHours)}h` : `${Math.floor(ageHours / 24)}d`,
  );
  observe(metricMeter, 'onetake_unresolved_age_hours', { value: ageHours });
}

function validateDecision(
  given: ResolveSubmission,
  tracker: VideoTracker,
  isDecided: boolean,
): void {
  const { phase, unresolved } = tracker.status();
  if (phase !== 'unresolved' || isDecided) {
    throw new Error(
      `Cannot resolve the submit: the video is in phase "${phase}", not "unresolved"`,
    );
  }
  if (given.since !== undefined && given.since !== unresolved?.since) {
    throw new Error('Cannot resolve the submit: another submit is unresolved now');
  }
  switch (given.action) {
    case 'adopt':
      if (typeof given.jobId === 'string' && given.jobId !== '') return;
      throw new Error('Cannot adopt: "jobId" must name the job');
    case 'resubmit':
    case 'abandon':
      return;
    default:
      throw new Error('Cannot resolve the submit: "action" must be adopt, resubmit or abandon');
  }
}
