import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { StoredVideo } from '../../src/contract/stored-video.ts';
import { createFakeClient, startTime, type FakeRun } from '../fakes/fake-client.ts';
import { result } from '../client/outcomes.ts';

/** A run that ended with a stored video. */
const storedRun: FakeRun = { status: 'COMPLETED', phase: 'stored', model: 'sora-2', billed: 'yes' };

/** How a run ended, or its state while it is open. */
export interface Ending {
  run: FakeRun;
  result?: () => unknown;
  query?: () => unknown;
}

/** A Temporal server where every started video is stored at once. */
export interface FakeTemporal {
  client: Client;
  /** Its runs: what each was started with, by workflow id. */
  runs: Map<string, unknown>;
  /** How a run ended, by its workflow id. By default its video is stored. */
  endings: Map<string, Ending>;
  /** Standalone activities: what each was started with, by id. They cannot be listed. */
  activities: Map<string, unknown>;
}

/** @param video Of each run. Runs are found by their id and by their prefix, as the HTTP API looks for them. */
export function createFakeTemporal(video: StoredVideo): FakeTemporal {
  const runs = new Map<string, unknown>();
  const activities = new Map<string, unknown>();
  const endings = new Map<string, Ending>();
  const { client } = createFakeClient();
  const fakeOf = (list: string[]) =>
    createFakeClient({
      runs: list.slice(0, 1).map((id) => endings.get(id)?.run ?? storedRun),
      result: endings.get(list[0] ?? '')?.result ?? (() => ({ ...result, video })),
      ...queryOf(endings.get(list[0] ?? '')),
      list: list.map((workflowId) => ({ ...storedRun, workflowId })),
    }).client;
  const matching = (query: string) => [...runs.keys()].filter((id) => matches(id, query));
  const workflow = {
    start: async (type: string, options: WorkflowStartOptions) => {
      const { workflowId, workflowIdReusePolicy, args = [] } = options;
      const isAgain = endings.has(workflowId) && workflowIdReusePolicy === 'ALLOW_DUPLICATE';
      if (runs.has(workflowId) && !isAgain) {
        throw new WorkflowExecutionAlreadyStartedError('taken', workflowId, type);
      }
      endings.delete(workflowId);
      runs.set(workflowId, args[0]);
      return Promise.resolve({ firstExecutionRunId: 'run-1' });
    },
    getHandle: (id: string) => fakeOf(runs.has(id) ? [id] : []).workflow.getHandle(id),
    list: ({ query = '' }) => fakeOf(matching(query)).workflow.list({}),
    count: (query: string) => Promise.resolve({ count: matching(query).length }),
  };
  const activity = {
    start: (_type: string, { id, args }: { id: string; args: unknown[] }) =>
      Promise.resolve(activities.set(id, args[0])),
    list: async function* () {},
  };
  const workflowService = {
    getWorkflowExecutionHistory: (given: { execution: { workflowId: string } }) => {
      const payloads = [defaultPayloadConverter.toPayload(runs.get(given.execution.workflowId))];
      const started = { workflowExecutionStartedEventAttributes: { input: { payloads } } };
      return Promise.resolve({ history: { events: [started] } });
    },
    deleteWorkflowExecution: (given: { workflowExecution: { workflowId: string } }) =>
      Promise.resolve(runs.delete(given.workflowExecution.workflowId)),
  };
  return {
    client: Object.assign(client, { workflow, activity, workflowService }) as unknown as Client,
    runs,
    endings,
    activities,
  };
}

function queryOf(ending: Ending | undefined): { query?: () => unknown } {
  return ending?.query ? { query: ending.query } : {};
}

/** Understands the queries of the HTTP API only. */
function matches(id: string, query: string): boolean {
  const [, prefix = ''] = /WorkflowId STARTS_WITH '([^']+)'/.exec(query) ?? [];
  const [, whole = id] = /WorkflowId = '([^']+)'/.exec(query) ?? [];
  const [, from = startTime] = /StartTime >= '([^']+)'/.exec(query) ?? [];
  const [, until = '9999'] = /StartTime < '([^']+)'/.exec(query) ?? [];
  const isInWindow = startTime >= new Date(from) && startTime < new Date(until);
  return id.startsWith(prefix) && id === whole && isInWindow;
}
