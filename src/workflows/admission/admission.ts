import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  patched,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { openAlarm } from './alarm.ts';
import { admissionBefore } from './before.ts';
import type { StateBefore } from './before-book.ts';
import { openBook, type AdmissionBook } from './book.ts';
import { isLong, openCourse, takeLists, type Course } from './course.ts';
import { signalReady, checkHolders, recountSpent, keepLimits, loadLimits } from './duties.ts';
import { listen } from './listen.ts';
import { emptyState, readState, type AdmissionState } from './state.ts';

/** How often the holders of slots are checked: while videos wait for a slot, and otherwise. */
const checkEveryMs = { wanted: 60_000, unwanted: 600_000 };
export interface AdmissionInput {
  /** The state of the previous run; absent for a new admission, which first counts the claims. */
  state?: AdmissionState | StateBefore;
}

/**
 * Admits submits, one workflow per gateway account: it limits how many jobs run at once and how much is spent.
 *
 * It handles updates `requestAdmission` and `setLimits`, signal `releaseAdmission`, lists of requests and of releases,
 * and query `admissionStatus`, and sends signal `admissionReady` to waiting videos. It runs for ever.
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
  const course = openCourse(begun, { isNew: !state, limits: book.limits() });
  const alarm = openAlarm();
  takeLists(course);
  listen(book, course);
  if (!state) await begin(book, course);
  void keepingLimits(book, course);
  const isLate = () => isLong(course) || isVersioned() !== beganVersioned;
  const isOver = () => isLate() && !book.hasReady() && allHandlersFinished();
  for (let checkedAtMs = 0; !isOver();) {
    // Here runs that began with an older build.
    takeLists(course);
    const dueAtMs = checkDueAt(book, checkedAtMs);
    const isReached = () => book.hasReady() || isOver() || checkDueAt(book, checkedAtMs) < dueAtMs;
    const waiting = course.takesLists ? alarm.wokenBefore : wokenBefore;
    const isWoken = await waiting(dueAtMs, isReached);
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

/** Writes one after the other, so that the last limits win. */
async function keepingLimits(book: AdmissionBook, course: Course): Promise<never> {
  for (;;) {
    await condition(() => course.keptLimits !== book.limits());
    const limits = book.limits();
    await keepLimits(book);
    course.keptLimits = limits;
  }
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

/** Of runs that began before `admission-lists`: a new timer for each wait. */
async function wokenBefore(dueAtMs: number, isReached: () => boolean): Promise<boolean> {
  if (dueAtMs !== Infinity) return condition(isReached, Math.max(1, dueAtMs - Date.now()));
  await condition(isReached);
  return true;
}
