import { readFile } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { expect, test } from 'vitest';
import { countActions, countExempt, totals } from '../../bench/actions/count-actions.ts';
import { difference, serverActions } from '../../bench/actions/server-actions.ts';
import { serveText } from './serve-text.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Numbers events in their order, as the server does. */
function history(...events: Partial<Event>[]): Event[] {
  return events.map((event, index) => ({ ...event, eventId: index + 1 }) as unknown as Event);
}

function upsert(...names: string[]): Partial<Event> {
  const indexedFields = Object.fromEntries(names.map((name) => [name, {}]));
  return { upsertWorkflowSearchAttributesEventAttributes: { searchAttributes: { indexedFields } } };
}

const markerOf = (task: number): Partial<Event> =>
  ({
    markerRecordedEventAttributes: {
      markerName: 'core_local_activity',
      workflowTaskCompletedEventId: task,
    },
  }) as unknown as Partial<Event>;

const parent = { workflowId: 'batch/one', runId: 'r' };

test.each<[string, Partial<Event>[], number]>([
  ['a start', [{ workflowExecutionStartedEventAttributes: {} }], 1],
  [
    'a child, which its parent counts,',
    [{ workflowExecutionStartedEventAttributes: { parentWorkflowExecution: parent } }],
    0,
  ],
  [
    'a child that continued as new',
    [
      {
        workflowExecutionStartedEventAttributes: {
          parentWorkflowExecution: parent,
          continuedExecutionRunId: 'r',
        },
      },
    ],
    1,
  ],
  ['the start of a child', [{ startChildWorkflowExecutionInitiatedEventAttributes: {} }], 2],
  [
    'an activity with three attempts',
    [
      { activityTaskScheduledEventAttributes: { activityType: { name: 'poll' } } },
      { activityTaskStartedEventAttributes: { attempt: 3 } },
    ],
    3,
  ],
  [
    'an activity that was cancelled before it started',
    [{ activityTaskScheduledEventAttributes: {} }],
    1,
  ],
  ['two markers of one workflow task', [markerOf(4), markerOf(4)], 1],
  ['two markers of two workflow tasks', [markerOf(4), markerOf(8)], 2],
  ['an upsert of three search attributes', [upsert('A', 'B', 'C')], 1],
  ["an upsert of the SDK's own for patches", [upsert('TemporalChangeVersion')], 0],
  ['a timer', [{ timerStartedEventAttributes: {} }], 1],
  ['an update', [{ workflowExecutionUpdateAcceptedEventAttributes: {} }], 1],
  ['a signal of a client', [{ workflowExecutionSignaledEventAttributes: {} }], 1],
  [
    'a signal of a workflow, which its sender counts,',
    [{ workflowExecutionSignaledEventAttributes: { externalWorkflowExecution: parent } }],
    0,
  ],
  [
    'a signal to another workflow',
    [{ signalExternalWorkflowExecutionInitiatedEventAttributes: {} }],
    1,
  ],
  ['a workflow task', [{ workflowTaskStartedEventAttributes: {} }], 0],
])('%s is billed as many actions as Temporal Cloud lists', (_what, events, billed) => {
  expect(totals(countActions(history(...events))).total).toBe(billed);
});

test("the server counts an upsert of patches alone, so it is known as exempt; one with an attribute of the user's is not", () => {
  const mixed = upsert('TemporalChangeVersion', 'VideoPhase');
  const events = history(upsert('TemporalChangeVersion'), mixed, upsert('VideoPhase'));
  expect(countExempt(events)).toBe(1);
});

test('the retries of an activity are counted under its name', () => {
  const actions = countActions(
    history(
      { activityTaskScheduledEventAttributes: { activityType: { name: 'poll' } } },
      { activityTaskStartedEventAttributes: { attempt: 3, scheduledEventId: 1 as never } },
    ),
  );
  expect(actions).toEqual([
    { kind: 'activity', name: 'poll', count: 1, eventId: 1 },
    { kind: 'activity retry', name: 'poll', count: 2, eventId: 2 },
  ]);
});

test('a recorded history of a video has the actions of its events', async () => {
  const file = new URL('../fixtures/histories/stored-generations.json', import.meta.url);
  const { events } = historyFromJSON(JSON.parse(await readFile(file, 'utf8')));
  expect(totals(countActions(events ?? []))).toEqual({
    total: 17,
    byKind: { 'workflow start': 1, 'search attributes': 5, activity: 5, 'activity retry': 6 },
  });
});

test("the server's own counts are read for one namespace, with markers as the batch that is billed", async () => {
  await using server = await serveText(
    [
      '# TYPE action counter',
      'action{action_type="command_ScheduleActivityTask",namespace="test_a_b"} 3',
      'action{action_type="command_RecordMarker_core_patch",namespace="test_a_b"} 5',
      'action{action_type="command_BatchMarkers",namespace="test_a_b"} 2',
      'action{action_type="command_StartTimer",namespace="other"} 7',
      'service_requests{namespace="test_a_b"} 9',
    ].join('\n'),
  );
  const counts = await serverActions(server.url, 'test-a-b');
  expect(counts).toEqual({ command_ScheduleActivityTask: 3, command_BatchMarkers: 2 });
  expect(difference(counts, { command_BatchMarkers: 2 })).toEqual({
    command_ScheduleActivityTask: 3,
  });
});
