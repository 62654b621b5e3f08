import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** What callers may write without having the keys, by the field that an event keeps it in. */
const ofCallers = new Set([
  'workflowExecutionSignaledEventAttributes',
  'workflowExecutionTerminatedEventAttributes',
  'workflowExecutionCancelRequestedEventAttributes',
  'acceptedRequest',
]);
/** Readable whatever the keys; and the marks of `patched()`, which the SDK's core writes by itself. */
const neverEncrypted = new Set([
  'searchAttributes',
  'markerRecordedEventAttributes',
  '_tracer-data',
]);

/** The server's own detail of an activity that was cancelled before a worker began it. */
const ofServer = Buffer.from('"ACTIVITY_ID_NOT_STARTED"');

/**
 * Finds what workers and our own client wrote in the clear into a history, failures included: a line each, empty when
 * all is encrypted. A start without a memo is another caller's, by name.
 */
export function clearParts(events: readonly Event[]): string[] {
  return events.flatMap((event) => {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started && !started.memo) return [];
    return partsIn(event, `event ${String(event.eventId)}`);
  });
}

function partsIn(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if (isClearPayload(value)) return [`${path}: ${Buffer.from(value.data).toString().slice(0, 80)}`];
  if (isClearFailure(value)) return [`${path}: failure "${value.message}"`];
  return Object.entries(value).flatMap(([name, inner]) =>
    ofCallers.has(name) || neverEncrypted.has(name) ? [] : partsIn(inner, `${path}, ${name}`),
  );
}

function isClearPayload(value: object): value is { data: Uint8Array } {
  if (!('metadata' in value) || !('data' in value) || !(value.data instanceof Uint8Array))
    return false;
  if (ofServer.equals(value.data)) return false;
  const { encoding } = value.metadata as { encoding?: Uint8Array };
  return encoding !== undefined && !Buffer.from(encoding).equals(Buffer.from('binary/encrypted'));
}

/** A failure of the server's own, say a timeout, holds nothing of ours. */
function isClearFailure(value: object): value is { message: string } {
  if (!('source' in value) || value.source !== 'TypeScriptSDK' || !('message' in value))
    return false;
  return value.message !== '' && value.message !== 'Encoded failure';
}
