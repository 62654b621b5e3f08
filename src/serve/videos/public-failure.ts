import { failures, type FailureKind, type VideoFailure } from '../../contract/failure.ts';

/**
 * Kinds with a message about the caller's request or job. Messages of all others may name the storage, the spend of
 * other tenants or the balance of the account, which are the operator's: their meaning is shown instead.
 */
const toldKinds: ReadonlySet<FailureKind> = new Set([
  'invalid_request',
  'moderation',
  'task_failed',
  'task_timeout',
  'deadline',
  'abandoned',
]);

/** The message of a failure that a tenant may read. */
export function publicMessage({ kind, message }: Pick<VideoFailure, 'kind' | 'message'>): string {
  return toldKinds.has(kind) ? message : failures[kind].meaning;
}
