import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Kinds of billable actions that a history shows; heartbeats and queries leave no event. */
export type ActionKind =
  | 'workflow start'
  | 'child workflow'
  | 'activity'
  | 'activity retry'
  | 'markers'
  | 'search attributes'
  | 'signal'
  | 'timer'
  | 'update';

/** Billable actions of one event. */
export interface Action {
  kind: ActionKind;
  /** What was started, sent or written. */
  name: string;
  count: number;
  eventId: number;
}

/** Written by the SDK for `patched`, and exempt. */
const changeVersion = 'TemporalChangeVersion';

/**
 * Billable actions in a history, by the list of Temporal Cloud. A run that several histories tell of is counted once: a
 * child in its parent, a signal of a workflow in its sender.
 *
 * Retries of an activity that was cancelled or terminated between two attempts are in no event; the metrics of the server
 * have them.
 *
 * @see https://docs.temporal.io/evaluate/cloud/actions
 */
export function countActions(events: readonly Event[]): Action[] {
  const activities = new Map(
    events.map((event) => [
      Number(event.eventId),
      event.activityTaskScheduledEventAttributes?.activityType?.name ?? 'activity',
    ]),
  );
  const batches = new Set<number>();
  return events.flatMap((event) => {
    const action =
      workflowAction(event) ??
      activityAction(event, activities) ??
      messageAction(event) ??
      markerAction(event, batches);
    return action ? [{ ...action, eventId: Number(event.eventId) }] : [];
  });
}

/** Upserts that the server counts and Temporal Cloud exempts: those of `patched` alone. */
export function countExempt(events: readonly Event[]): number {
  return events.filter(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) => {
    const names = Object.keys(upsert?.searchAttributes?.indexedFields ?? {});
    return names.length === 1 && names[0] === changeVersion;
  }).length;
}

type Counted = Omit<Action, 'eventId'> | undefined;

function workflowAction(event: Event): Counted {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const isChild = started.parentWorkflowExecution && !started.continuedExecutionRunId;
    return isChild ? undefined : one('workflow start', started.workflowType?.name);
  }
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  // One for the intent, one for the attempt.
  if (child) return { ...one('child workflow', child.workflowType?.name), count: 2 };
  const fields = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes;
  const names = Object.keys(fields?.indexedFields ?? {}).filter((name) => name !== changeVersion);
  return names.length > 0 ? one('search attributes', names.toSorted().join(' ')) : undefined;
}

function activityAction(event: Event, activities: ReadonlyMap<number, string>): Counted {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) return one('activity', scheduled.activityType?.name);
  const started = event.activityTaskStartedEventAttributes;
  const retries = (started?.attempt ?? 1) - 1;
  if (!started || retries === 0) return undefined;
  return {
    ...one('activity retry', activities.get(Number(started.scheduledEventId))),
    count: retries,
  };
}

function messageAction(event: Event): Counted {
  const timer = event.timerStartedEventAttributes;
  if (timer) return one('timer', timer.timerId);
  const sent = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (sent) return one('signal', sent.signalName);
  const received = event.workflowExecutionSignaledEventAttributes;
  if (received && !received.externalWorkflowExecution) return one('signal', received.signalName);
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  return update ? one('update', update.acceptedRequest?.input?.name) : undefined;
}

/** All markers of one workflow task are one action; those of `patched` are not on the list of exemptions. */
function markerAction(event: Event, batches: Set<number>): Counted {
  const marker = event.markerRecordedEventAttributes;
  const batch = Number(marker?.workflowTaskCompletedEventId);
  if (!marker || batches.has(batch)) return undefined;
  batches.add(batch);
  return one('markers', marker.markerName);
}

function one(kind: ActionKind, name: string | null | undefined) {
  return { kind, name: name ?? 'unknown', count: 1 };
}

/** How many of each kind, and in all. */
export function totals(actions: readonly Action[]): { total: number; byKind: KindCounts } {
  const byKind: KindCounts = {};
  for (const { kind, count } of actions) byKind[kind] = (byKind[kind] ?? 0) + count;
  return { total: actions.reduce((sum, { count }) => sum + count, 0), byKind };
}

export type KindCounts = Partial<Record<ActionKind, number>>;
