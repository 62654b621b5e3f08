import {
  mostInList,
  type AdmissionRelease,
  type AdmissionRequest,
  type VideoCost,
} from '../../contract/admission.ts';
import type { BatchRef } from '../../contract/messages.ts';
import { checkStorage, type Course } from './course.ts';
import { priorities } from './window.ts';

const spent: AdmissionRelease['spent'][] = ['yes', 'no', 'maybe'];

/** Validator of update `requestAdmissions`. @throws {Error} if it is no list, or too long */
export function checkList(asks: unknown): void {
  if (!Array.isArray(asks)) throw new Error('The requests must be a list');
  if (asks.length <= mostInList) return;
  throw new Error(`The list has ${asks.length} requests, and may have ${mostInList}`);
}

/**
 * What is wrong with an entry; null if it is a request. An error in the middle of a decision would fail the workflow
 * task, and with it all entries and all later messages.
 */
export function faultOfRequest(
  ask: AdmissionRequest,
  course: Pick<Course, 'storageId'>,
): string | null {
  const given: Partial<AdmissionRequest> = Object(ask);
  const fault =
    textFault(given, ['videoId', 'claimKey', 'model']) ??
    numberFault(given, ['deadlineMs', 'maxJobs']) ??
    (isTexts(given.tags) ? null : 'tags') ??
    (priorities.some((priority) => priority === given.priority) ? null : 'priority') ??
    (isCost(given.cost) ? null : 'cost') ??
    (given.batch === undefined || isBatch(given.batch) ? null : 'batch');
  if (fault !== null) return `The request has no valid "${fault}"`;
  try {
    checkStorage(course, ask);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is wrong with an entry of a list of releases; null if it is a release. */
export function faultOfRelease(release: AdmissionRelease): string | null {
  const given: Partial<AdmissionRelease> = Object(release);
  return (
    textFault(given, ['videoId']) ?? (spent.some((each) => each === given.spent) ? null : 'spent')
  );
}

function textFault<T extends object>(given: T, fields: (keyof T & string)[]): string | null {
  return fields.find((field) => typeof given[field] !== 'string') ?? null;
}

function numberFault<T extends object>(given: T, fields: (keyof T & string)[]): string | null {
  return fields.find((field) => !Number.isFinite(given[field])) ?? null;
}

function isTexts(given: unknown): boolean {
  return Array.isArray(given) && given.every((each) => typeof each === 'string');
}

function isCost(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  const { seconds, money }: Partial<VideoCost> = given;
  return [seconds, money].every((each) => each === undefined || Number.isFinite(each));
}

function isBatch(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  return textFault<Partial<BatchRef>>(given, ['name', 'runId']) === null;
}
