import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  admissionMessages,
  type AdmissionActivities,
  type AdmissionAnswer,
  type AdmissionRequest,
  type AdmissionLimits,
  type AdmissionRelease,
  type AdmissionStatus,
  type LimitsChange,
} from '../../contract/admission.ts';
import { admissionOptions } from '../activity-options.ts';
import { emptyState, openBook, type BookBefore, type StateBefore } from './before-book.ts';
import { admissionDetails } from './details.ts';
import { countedMs, expiresAt } from './before-leases.ts';
import { checkLimitsChange } from './limits.ts';

/** How often the holders of slots are checked: while videos wait for a slot, and otherwise. */
const checkEveryMs = { wanted: 60_000, unwanted: 600_000 };
/** About 5,000 events, and well below the 2,000 updates that the server allows per run. */
const decisionsPerRun = 500;

/**
 * The admission as it was before the window, for runs that began with it: their histories replay with this code. It
 * continues as the current `admissionWorkflow` as soon as its loop runs on new code.
 *
 * It can be deleted with all of before-*.ts when no such run can be open any more.
 */
export async function admissionBefore({ state }: { state?: StateBefore }): Promise<StateBefore> {
  const beganVersioned = isVersioned();
  const book = openBook(state ?? emptyState);
  const counting = { isDone: state !== undefined, decisions: 0 };
  listen(book, counting);
  if (!state) await countClaims(book);
  counting.isDone = true;
  let isHandingOver = false;
  const isLate = () =>
    isHandingOver || isLong(counting.decisions) || isVersioned() !== beganVersioned;
  const isOver = () => isLate() && !book.hasReady() && allHandlersFinished();
  for (let checkedAtMs = 0; !isOver();) {
    isHandingOver = patched('admission-handover');
    if (isOver()) break;
    const dueAtMs = checkDueAt(book, checkedAtMs);
    const isWoken = await wokenBefore(
      dueAtMs,
      () => book.hasReady() || isOver() || checkDueAt(book, checkedAtMs) < dueAtMs,
    );
    await signalReady(book);
    if (isWoken) continue;
    checkedAtMs = Date.now();
    book.expire(checkedAtMs);
    await checkHolders(book);
  }
  return book.snapshot(Date.now());
}

/** Whether the worker of this workflow task belongs to a worker deployment. */
function isVersioned(): boolean {
  return Boolean(workflowInfo().currentDeploymentVersion?.deploymentName);
}

function listen(book: BookBefore, counting: { isDone: boolean; decisions: number }): void {
  const { requestAdmission, releaseAdmission, setLimits, admissionStatus } = admissionMessages;
  const publish = () => setCurrentDetails(admissionDetails(book.status()));
  setHandler(defineUpdate<AdmissionAnswer, [AdmissionRequest]>(requestAdmission), async (ask) => {
    await condition(() => counting.isDone);
    counting.decisions += 1;
    const answer = book.ask(ask, Date.now());
    publish();
    return answer;
  });
  setHandler(defineSignal<[AdmissionRelease]>(releaseAdmission), (release) => {
    book.release(release, Date.now());
    publish();
  });
  setHandler(
    defineUpdate<AdmissionLimits, [LimitsChange]>(setLimits),
    (change) => {
      const limits = book.setLimits(change, Date.now());
      publish();
      return limits;
    },
    { validator: (change) => checkLimitsChange(book.status().limits, change) },
  );
  setHandler(defineQuery<AdmissionStatus>(admissionStatus), () => book.status());
  publish();
}

function isLong(decisions: number): boolean {
  return workflowInfo().continueAsNewSuggested || decisions >= decisionsPerRun;
}

/** The claims record what was spent, even if the earlier admission is lost. */
async function countClaims(book: BookBefore): Promise<void> {
  const { countSpent } = proxyActivities<AdmissionActivities>({
    ...admissionOptions,
    startToCloseTimeout: '30m',
    heartbeatTimeout: '1m',
    summary: 'count what was spent, from the claims',
  });
  const sinceMs = Date.now() - countedMs;
  book.count(await countSpent({ admissionId: workflowInfo().workflowId, sinceMs }));
}

/** Infinity while there are no holders. */
function checkDueAt(book: BookBefore, checkedAtMs: number): number {
  const leases = book.leases();
  const isWanted = book.isAnyoneWaiting();
  const everyMs = isWanted ? checkEveryMs.wanted : checkEveryMs.unwanted;
  const oldestMs = Math.min(...leases.map(({ sinceMs }) => sinceMs));
  const regularAt = Math.max(checkedAtMs, oldestMs) + everyMs;
  return isWanted ? Math.min(regularAt, ...leases.map(expiresAt)) : regularAt;
}

async function wokenBefore(dueAtMs: number, isReached: () => boolean): Promise<boolean> {
  if (dueAtMs !== Infinity) return condition(isReached, Math.max(1, dueAtMs - Date.now()));
  await condition(isReached);
  return true;
}

async function signalReady(book: BookBefore): Promise<void> {
  await Promise.all(
    book.takeReady().map(async (videoId) => {
      try {
        await getExternalWorkflowHandle(videoId).signal(admissionMessages.admissionReady);
      } catch {
        book.gone(videoId, Date.now());
      }
    }),
  );
}

/** Finds leases of runs that died, were terminated, or could not report their end. */
async function checkHolders(book: BookBefore): Promise<void> {
  const seen = new Map(book.leases().map((lease) => [lease.ask.videoId, lease]));
  if (seen.size === 0) return;
  const activities = proxyActivities<AdmissionActivities>({
    ...admissionOptions,
    startToCloseTimeout: '30s',
    retry: { maximumAttempts: 2 },
    summary: 'find holders with closed runs',
  });
  const holders = [...seen.values()].map(({ ask: { videoId, claimKey } }) => ({
    videoId,
    claimKey,
  }));
  try {
    const { ended } = await activities.checkHolders({ holders });
    for (const { videoId, spent } of ended) {
      const lease = seen.get(videoId);
      if (lease) book.ended(lease, spent, Date.now());
    }
  } catch (error) {
    log.warn('Could not check the holders of admission slots', { error });
  }
}
