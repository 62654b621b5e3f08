import type { ReconcileSubmitInput } from '../../contract/activities.ts';
import { requestBilling, type RequestBilling } from './request-billing.ts';
import type { RequestLog } from './request-log.ts';

export interface RequestProof {
  billing?: RequestBilling;
  findings: string[];
  /** When the log may be read again, where that is known. */
  againInMs?: number;
}

/** Asks the request log what became of a submit that was answered; a lost answer names no request. */
export async function proveByRequest(
  requestLog: RequestLog,
  { answer, toMs }: ReconcileSubmitInput,
  signal: AbortSignal,
): Promise<RequestProof> {
  if (answer === undefined) return { findings: [] };
  const read = await requestLog.read({ requestId: answer.requestId, answeredAtMs: toMs }, signal);
  if ('unread' in read) {
    const { unread, ...again } = read;
    return { findings: [`The request log was not read: ${unread}`], ...again };
  }
  const billing = requestBilling(read.rows, answer);
  return { billing, findings: [billing.finding] };
}
