import type { UnclearAnswer } from '../../contract/activities.ts';
import type { RequestLogRow } from '../../gateway/gateway.ts';

/** What the request log proves about a submit. */
export type RequestBilling =
  | { billed: 'no'; finding: string }
  | { billed: 'yes'; jobId?: string; finding: string }
  | { billed: 'maybe'; finding: string };

/** Despite this error code, the job runs and is charged. */
const chargedInSpite = 'task_billing_settlement_failed';

/**
 * Reads from the request log whether one submit was billed. A row counts only if it carries exactly our request id, or
 * if it bills a job that such a row names: other requests can share model and time.
 */
export function requestBilling(
  rows: readonly RequestLogRow[],
  answer: UnclearAnswer,
): RequestBilling {
  const ours = ofRequest(rows, answer.requestId);
  const charges = ours.filter(({ type }) => type === 'charge');
  const refunds = ours.filter(({ type }) => type === 'refund');
  const charged = sum(charges);
  if (charged > 0 && sum(refunds) >= charged) return no('the charge was refunded in full');
  if (charges.length > 0) return ofCharges(charges, charged);
  // Without the charge, a partial refund looks like a full refund of a small charge; only `settledQuota` tells them
  // apart.
  if (refunds.some(({ settledQuota = 0 }) => settledQuota <= 0)) return no('it was refunded');
  if (refunds.length > 0) return maybe('a part of it was refunded');
  if (ours.length === 0) return maybe('no row of this request');
  // The gateway also logs a failed attempt when it then tries another channel.
  if (!isFault(answer)) return maybe('an error, although the answer was no error');
  return no('an error, with nothing charged');
}

function ofRequest(rows: readonly RequestLogRow[], requestId: string): RequestLogRow[] {
  const named = rows.filter((row) => row.requestId === requestId);
  const jobIds = new Set(named.map(({ jobId }) => jobId).filter((jobId) => jobId !== undefined));
  const later = rows.filter(
    (row) => row.requestId === undefined && row.jobId !== undefined && jobIds.has(row.jobId),
  );
  return [...named, ...later];
}

function ofCharges(charges: RequestLogRow[], charged: number): RequestBilling {
  const jobIds = new Set(charges.map(({ jobId }) => jobId));
  const [jobId] = jobIds;
  if (jobId !== undefined && jobIds.size === 1) {
    return { billed: 'yes', jobId, finding: said(`charged ${charged} for job ${jobId}`) };
  }
  // A price of 0 may still be settled after the job has ended.
  if (charged <= 0) return maybe('accepted at a price of 0');
  return { billed: 'yes', finding: said(`charged ${charged}; the row names no job`) };
}

function isFault({ httpStatus = 0, gatewayCode }: UnclearAnswer): boolean {
  return httpStatus >= 400 && gatewayCode !== chargedInSpite;
}

function sum(rows: readonly RequestLogRow[]): number {
  return rows.reduce((total, { quota }) => total + quota, 0);
}

function no(finding: string): RequestBilling {
  return { billed: 'no', finding: said(finding) };
}

function maybe(finding: string): RequestBilling {
  return { billed: 'maybe', finding: said(finding) };
}

function said(finding: string): string {
  return `The request log: ${finding}`;
}
