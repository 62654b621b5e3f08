import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  makeContinueAsNewFunc,
  patched,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import {
  admissionIsBusy,
  admissionMessages,
  type AdmissionAnswer,
  type AdmissionRequest,
  type AdmissionLimits,
  type AdmissionRelease,
  type AdmissionStatus,
  type LimitsChange,
} from '../../contract/admission.ts';
import { admissionBefore } from './before.ts';
import type { StateBefore } from './before-book.ts';
import { openBook, type AdmissionBook } from './book.ts';
import { admissionDetails, shownInDetails } from './details.ts';
import {
  signalReady,
  checkHolders,
  recountSpent,
  keepLimits,
  knownEnd,
  loadLimits,
} from './duties.ts';
import { checkLimitsChange } from './limits.ts';
import { emptyState, readState, type AdmissionState } from './state.ts';

/** How often the holders of slots are checked: while videos wait for a slot, and otherwise. */
const checkEveryMs = { wanted: 60_000, unwanted: 600_000 };
/**
 * About 1,200 events: a worker without the run in its cache replays them in well below a second before it can answer.
 */
const decisionsPerRun = 250;
/**
 * The server cannot end a run while new updates arrive, and allows at most 2,000 updates per run. A run that could
 * not end for this many decisions rejects requests; they are retried after a moment.
 */
const mostDecisionsPerRun = 350;
/** How long the answer to `setLimits` waits for the storage. The limits apply in any case and are stored later. */
const keptWithin = '5s';

export interface AdmissionInput {
  /** The state of the previous run; absent for a new admission, which first counts the claims. */
  state?: AdmissionState | StateBefore;
}

/** State of the workflow that is not part of its decisions. */
interface Course {
  areLimitsLoaded: boolean;
  areClaimsCounted: boolean;
  /** The limits as they are in the storage. */
  keptLimits: AdmissionLimits | undefined;
  decisions: number;
  storageId: string | undefined;
}

/**
 * Admits submits, one workflow per gateway account: it limits how many jobs run at once and how much is spent.
 *
 * It handles updates `requestAdmission` and `setLimits`, signal `releaseAdmission` and query `admissionStatus`, and
 * sends signal `admissionReady` to waiting videos. It runs for ever.
 */
export async function admissionWorkflow(input: AdmissionInput = {}): Promise<void> {
  const state = patched('admission-window')
    ? await admit(input)
    : await admissionBefore(input as { state?: StateBefore });
  await beginAgain(state);
}

/** Continue-as-new copies the memo that the run started with, not later changes, so the memo is passed explicitly. */
function beginAgain(state: AdmissionState | StateBefore): Promise<never> {
  const storageId = 'storageId' in state ? state.storageId : undefined;
  const memo = storageId === undefined ? {} : { memo: { storageId } };
  return makeContinueAsNewFunc<typeof admissionWorkflow>(memo)({ state });
}

/**
 * This workflow runs for ever: pinned, it would keep the build that started it alive for ever. The server refuses a
 * versioning behavior from a worker without versions, and the behavior is fixed at the start of a run.
 */
setWorkflowOptions(
  () => (isVersioned() ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  admissionWorkflow,
);

/** Returns the state for the next run when this one has become long. */
async function admit({ state }: AdmissionInput): Promise<AdmissionState> {
  const beganVersioned = isVersioned();
  const begun = readState(state ?? emptyState);
  const book = openBook(begun);
  const course: Course = {
    areLimitsLoaded: state !== undefined,
    areClaimsCounted: state !== undefined,
    keptLimits: begun.areLimitsKept ? book.limits() : undefined,
    decisions: 0,
    storageId: begun.storageId,
  };
  listen(book, course);
  if (!state) await begin(book, course);
  void keepingLimits(book, course);
  const isLate = () => isLong(course.decisions) || isVersioned() !== beganVersioned;
  const isOver = () => isLate() && !book.hasReady() && allHandlersFinished();
  for (let checkedAtMs = 0; !isOver();) {
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
  const { keptLimits, storageId } = course;
  return {
    ...book.snapshot(Date.now()),
    areLimitsKept: keptLimits === book.limits(),
    ...(storageId !== undefined && { storageId }),
  };
}

/** Whether the worker of this workflow task belongs to a worker deployment. */
function isVersioned(): boolean {
  return Boolean(workflowInfo().currentDeploymentVersion?.deploymentName);
}

async function begin(book: AdmissionBook, course: Course): Promise<void> {
  await loadLimits(book);
  course.keptLimits = book.limits();
  course.areLimitsLoaded = true;
  await recountSpent(book);
  course.areClaimsCounted = true;
}

function listen(book: AdmissionBook, course: Course): void {
  const { requestAdmission, releaseAdmission, setLimits, admissionStatus } = admissionMessages;
  const publish = () => setCurrentDetails(detailsOf(book));
  setHandler(
    defineUpdate<AdmissionAnswer, [AdmissionRequest]>(requestAdmission),
    async (ask) => {
      await condition(() => course.areClaimsCounted);
      noteStorage(course, ask);
      course.decisions += 1;
      const answer = book.ask(ask, Date.now());
      publish();
      return answer;
    },
    {
      validator: (ask) => {
        checkBusy(course);
        checkStorage(course, ask);
      },
    },
  );
  setHandler(defineSignal<[AdmissionRelease]>(releaseAdmission), (release) => {
    book.release(knownEnd(release), Date.now());
    publish();
  });
  setHandler(
    defineUpdate<AdmissionLimits, [LimitsChange]>(setLimits),
    async (change) => {
      await condition(() => course.areLimitsLoaded);
      course.decisions += 1;
      const limits = book.setLimits(change, Date.now());
      publish();
      await condition(() => course.keptLimits === book.limits(), keptWithin);
      return limits;
    },
    { validator: (change) => checkLimitsChange(book.limits(), change) },
  );
  setHandler(defineQuery<AdmissionStatus>(admissionStatus), () => book.status(Date.now()));
  publish();
}

function detailsOf(book: AdmissionBook): string {
  const slotsTaken = book.slotsTaken();
  return admissionDetails({ ...book.status(Date.now(), shownInDetails), slotsTaken });
}

function checkBusy({ decisions }: Course): void {
  if (decisions < mostDecisionsPerRun) return;
  throw ApplicationFailure.create({ type: admissionIsBusy, message: 'Request again in a moment' });
}

/** Another storage has other claims: a key that is already paid according to this storage would be paid again there. */
function checkStorage({ storageId }: Course, ask: AdmissionRequest): void {
  if (storageId === undefined || ask.storageId === undefined) return;
  if (ask.storageId === storageId) return;
  throw new Error(
    `The claims of this account are in storage "${storageId}", not "${ask.storageId}"`,
  );
}

/** Also written to the memo: a starting worker can read it even if no other worker is up. */
function noteStorage(course: Course, { storageId }: AdmissionRequest): void {
  if (storageId === undefined || course.storageId !== undefined) return;
  course.storageId = storageId;
  upsertMemo({ storageId });
}

/** Writes one after the other, so that the last limits win. */
async function keepingLimits(book: AdmissionBook, course: Course): Promise<never> {
  for (;;) {
    await condition(() => course.keptLimits !== book.limits());
    const limits = book.limits();
    await keepLimits(book);
    course.keptLimits = limits;
  }
}

function isLong(decisions: number): boolean {
  return workflowInfo().continueAsNewSuggested || decisions >= decisionsPerRun;
}

/** Infinity while there are no holders. */
function checkDueAt(book: AdmissionBook, checkedAtMs: number): number {
  const isWanted = book.isAnyoneWaiting(Date.now());
  const everyMs = isWanted ? checkEveryMs.wanted : checkEveryMs.unwanted;
  const holders = [...book.leases(), ...book.calls()];
  const oldestMs = Math.min(...holders.map(({ sinceMs }) => sinceMs));
  const regularAt = Math.max(checkedAtMs, oldestMs) + everyMs;
  return isWanted ? Math.min(regularAt, book.expiresAt()) : regularAt;
}

async function wokenBefore(dueAtMs: number, isReached: () => boolean): Promise<boolean> {
  if (dueAtMs !== Infinity) return condition(isReached, Math.max(1, dueAtMs - Date.now()));
  await condition(isReached);
  return true;
}
