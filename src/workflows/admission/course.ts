import { ApplicationFailure, patched, upsertMemo, workflowInfo } from '@temporalio/workflow';
import {
  admissionIsBusy,
  type AdmissionLimits,
  type AdmissionMemo,
  type AdmissionRequest,
} from '../../contract/admission.ts';
import type { AdmissionState } from './state.ts';

/**
 * How long a run becomes: a worker without the run in its cache replays it before it can answer, which should take well
 * below a second. A single request has about five events, a list of 100 as many. Bytes count from the start of the run,
 * which has up to 512 KB of state.
 */
const longRun = { events: 1_200, bytes: 1_000_000, decisions: 5_000 };
/** Runs that began before lists, one decision of which was always about five events. */
const longRunBefore = { decisions: 250 };
/**
 * The server cannot end a run while new updates arrive, and allows at most 2,000 updates per run. A run that could
 * not end by this multiple of its length rejects requests; they are retried after a moment.
 */
const mostOverrun = 1.4;

/** State of the workflow that is not part of its decisions. */
export interface Course {
  areLimitsLoaded: boolean;
  areClaimsCounted: boolean;
  /** The limits as they are in the storage. */
  keptLimits: AdmissionLimits | undefined;
  decisions: number;
  storageId: string | undefined;
  /** This run takes lists, and has one timer. */
  takesLists: boolean;
  /** Size of the history when the run began. */
  begunBytes: number;
}

export function openCourse(
  begun: AdmissionState,
  { isNew, limits }: { isNew: boolean; limits: AdmissionLimits },
): Course {
  return {
    areLimitsLoaded: !isNew,
    areClaimsCounted: !isNew,
    keptLimits: begun.areLimitsKept ? limits : undefined,
    decisions: 0,
    storageId: begun.storageId,
    takesLists: false,
    begunBytes: workflowInfo().historySize,
  };
}

/**
 * The patch comes first: a worker of a build without lists would keep a list of releases in a buffer and never read it,
 * and newer workers would replay it differently. With the patch it cannot continue the run, so the memo stays true.
 */
export function takeLists(course: Course): void {
  if (course.takesLists || !patched('admission-lists')) return;
  course.takesLists = true;
  upsertMemo({ takesLists: true } satisfies AdmissionMemo);
}

export function isLong(course: Course): boolean {
  return workflowInfo().continueAsNewSuggested || lengthOf(course) >= 1;
}

export function checkBusy(course: Course): void {
  if (lengthOf(course) < mostOverrun) return;
  throw ApplicationFailure.create({ type: admissionIsBusy, message: 'Request again in a moment' });
}

/** 1 and more is long. */
function lengthOf({ takesLists, decisions, begunBytes }: Course): number {
  if (!takesLists) return decisions / longRunBefore.decisions;
  const { historyLength, historySize } = workflowInfo();
  return Math.max(
    historyLength / longRun.events,
    (historySize - begunBytes) / longRun.bytes,
    decisions / longRun.decisions,
  );
}

/** Another storage has other claims: a key that is already paid according to this storage would be paid again there. */
export function checkStorage(
  { storageId }: Pick<Course, 'storageId'>,
  ask: Pick<AdmissionRequest, 'storageId'>,
): void {
  if (storageId === undefined || ask.storageId === undefined) return;
  if (ask.storageId === storageId) return;
  throw new Error(
    `The claims of this account are in storage "${storageId}", not "${ask.storageId}"`,
  );
}

/** Also written to the memo: a starting worker can read it even if no other worker is up. */
export function noteStorage(course: Course, { storageId }: AdmissionRequest): void {
  if (storageId === undefined || course.storageId !== undefined) return;
  course.storageId = storageId;
  upsertMemo({ storageId } satisfies AdmissionMemo);
}
