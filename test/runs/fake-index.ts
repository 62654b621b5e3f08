import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
import { requestMemo, requestMemoName } from '../../src/contract/request-memo.ts';
import { createFakeClient, type FakeRun } from '../fakes/fake-client.ts';

/** A run in the index. */
export interface IndexedRun extends Omit<FakeRun, 'memo'> {
  id: string;
  startedAt: number;
  tags?: string[];
  prompt?: string;
}

/** Temporal's index: it understands start times, statuses and models, gives runs in no order, and counts them. */
export function createFakeIndex(runs: readonly IndexedRun[]) {
  const queries: { list: string[]; count: string[] } = { list: [], count: [] };
  const matching = (query: string) => runs.filter((run) => matches(run, query));
  const fake = createFakeClient({ runs: [{}] });
  const workflow = {
    count: async (query: string) => {
      queries.count.push(query);
      return { count: matching(query).length };
    },
    list: async function* ({ query }: { query: string }) {
      queries.list.push(query);
      for (const run of matching(query).toReversed()) yield* described(run);
    },
    getHandle: (id: string) => ({
      describe: async () => {
        const newest = runs
          .filter((run) => run.id === id)
          .toSorted(byStart)
          .at(-1);
        for await (const info of newest ? described(newest) : []) return info;
        throw new Error(`no run ${id}`);
      },
    }),
  };
  return { client: Object.assign(fake.client, { workflow }) as unknown as Client, queries };
}

async function* described({ id, startedAt, tags = [], prompt = 'a cat', ...run }: IndexedRun) {
  const memo = { [requestMemoName]: requestMemo({ model: 'kling-v1', prompt }, tags) };
  const { client } = createFakeClient({ list: [{ ...run, workflowId: id, memo }] });
  for await (const info of client.workflow.list({})) {
    yield { ...info, startTime: new Date(startedAt) };
  }
}

function byStart(a: IndexedRun, b: IndexedRun): number {
  return a.startedAt - b.startedAt;
}

const statusNames: Partial<Record<WorkflowExecutionStatusName, string>> = {
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  TERMINATED: 'Terminated',
  CANCELLED: 'Canceled',
};

function matches({ id, startedAt, status = 'RUNNING', model, phase }: IndexedRun, query: string) {
  const from = valueIn(query, /StartTime >= '([^']+)'/);
  const until = valueIn(query, /StartTime < '([^']+)'/);
  const statuses = valueIn(query, /ExecutionStatus IN \(([^)]+)\)/);
  const phases = valueIn(query, /VideoPhase IN \(([^)]+)\)/);
  const wanted = valueIn(query, /VideoModel = '([^']+)'/);
  const prefix = valueIn(query, /WorkflowId STARTS_WITH '([^']+)'/) ?? '';
  return (
    startedAt >= Date.parse(from ?? '') &&
    startedAt < Date.parse(until ?? '') &&
    (statuses === undefined || statuses.includes(`'${statusNames[status] ?? 'Running'}'`)) &&
    (phases === undefined || phases.includes(`'${phase}'`)) &&
    (wanted === undefined || wanted === model) &&
    id.startsWith(prefix)
  );
}

function valueIn(query: string, pattern: RegExp): string | undefined {
  return pattern.exec(query)?.[1];
}
