import {
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import {
  defaultPayloadConverter,
  TypedSearchAttributes,
  WorkflowNotFoundError,
  type SearchAttributePair,
} from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { workflowTypes } from '../../src/contract/task-queues.ts';
import {
  videoBilledKey,
  videoJobIdKey,
  videoModelKey,
  videoPhaseKey,
} from '../../src/contract/search-attributes.ts';

/** A run as the server describes it. */
export interface FakeRun {
  status?: WorkflowExecutionStatusName;
  runId?: string;
  historyLength?: number;
  /** It is found under this id alone. Default: under any. */
  foundAs?: string;
  phase?: string;
  model?: string;
  jobId?: string;
  billed?: string;
  memo?: Record<string, unknown>;
  type?: string;
  closedAt?: Date;
  /** The activities that are under way, as the server describes them. */
  pendingActivities?: temporal.api.workflow.v1.IPendingActivityInfo[];
  /** What it was started with, in the first event of its history. */
  input?: unknown;
}

export interface ClientScript {
  /** What `start` answers in turn: a run id, or `taken`. */
  start?: string[];
  /** What `describe` answers in turn, the last one again and again, or each time; none: there is no such run. */
  runs?: FakeRun[] | (() => FakeRun);
  result?: () => unknown;
  /** What a long poll for the end of an open run waits for; none: it waits until it is aborted. */
  end?: () => Promise<unknown>;
  /** The SDK makes so many calls until then, one after the other. Default: 1. */
  longPolls?: number;
  query?: () => unknown;
  update?: () => unknown;
  list?: (FakeRun & { workflowId: string })[];
}

export interface ClientCall {
  name: 'start' | 'describe' | 'result' | 'query' | 'update' | 'cancel' | 'signal' | 'list';
  given: unknown[];
}

/** The part of Temporal's client that ours uses, with its calls recorded. */
export function createFakeClient(script: ClientScript = {}) {
  const calls: ClientCall[] = [];
  const count = (name: ClientCall['name'], ...given: unknown[]) => {
    calls.push({ name, given });
    return calls.filter((call) => call.name === name).length - 1;
  };
  let described: FakeRun | undefined;
  let abortSignal: AbortSignal | undefined;
  const workflow = {
    start: (type: string, options: { workflowId: string }) => {
      const answer = script.start?.[count('start', type, options)] ?? 'taken';
      if (answer !== 'taken') return Promise.resolve({ firstExecutionRunId: answer });
      const error = new WorkflowExecutionAlreadyStartedError('taken', options.workflowId, type);
      return Promise.reject(error);
    },
    getHandle: (workflowId: string) => ({
      describe: async () => {
        const index = count('describe', workflowId);
        const { runs = [] } = script;
        const run = typeof runs === 'function' ? runs() : (runs[index] ?? runs.at(-1));
        described = run;
        const isFound = run && (run.foundAs ?? workflowId) === workflowId;
        if (!isFound) throw new WorkflowNotFoundError('not found', workflowId, undefined);
        return Promise.resolve(description(workflowId, run));
      },
      result: () => {
        const index = count('result', workflowId);
        const isOpen = described && (described.status ?? 'RUNNING') === 'RUNNING';
        return isOpen ? longPoll(script, abortSignal) : answerOf(script.result, index);
      },
      query: (name: string) => answerOf(script.query, count('query', workflowId, name)),
      cancel: () => Promise.resolve(count('cancel', workflowId)),
      signal: (name: string, payload: unknown) =>
        Promise.resolve(count('signal', workflowId, name, payload)),
      executeUpdate: (name: string, options: unknown) =>
        answerOf(script.update, count('update', workflowId, name, options)),
    }),
    list: async function* (options: unknown) {
      count('list', options);
      for (const { workflowId, ...run } of script.list ?? []) {
        yield await Promise.resolve(description(workflowId, run));
      }
    },
  };
  const withDeadline = <T>(_deadline: number, run: () => Promise<T>) => run();
  const withAbortSignal = <T>(signal: AbortSignal, run: () => Promise<T>) => {
    abortSignal = signal;
    const running = run();
    abortSignal = undefined;
    return running;
  };
  const workflowService = {
    getWorkflowExecutionHistory: () =>
      Promise.resolve({ history: { events: [started(described)] } }),
  };
  const options = { namespace: 'default', loadedDataConverter: loadDataConverter() };
  const calling = { withDeadline, withAbortSignal };
  const client = { workflow, ...calling, workflowService, options } as unknown as Client;
  return { client, calls };
}

/** As `result` of an open run: it ends with the run, or as a cancelled request. */
async function longPoll(
  { end, longPolls = 1 }: ClientScript,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const aborted = new Promise<never>((_, reject) => {
    // As the SDK does: a listener for each call, which stays.
    for (let poll = 1; poll <= longPolls; poll += 1) {
      signal?.addEventListener('abort', () => reject(grpcError('cancelled')));
    }
  });
  return Promise.race([aborted, ...(end ? [end()] : [])]);
}

const grpcCodes = { cancelled: 1, invalid: 3, deadline: 4, unavailable: 14 } as const;

/** As Temporal's client throws what a connection or a server refuses. */
export function grpcError(code: keyof typeof grpcCodes): ServiceError {
  const told = { code: grpcCodes[code], details: code, metadata: {} };
  return new ServiceError('Failed', { cause: Object.assign(new Error(code), told) });
}

function started(run: FakeRun | undefined) {
  const payloads = run?.input === undefined ? [] : [defaultPayloadConverter.toPayload(run.input)];
  return { workflowExecutionStartedEventAttributes: { input: { payloads } } };
}

export const startTime = new Date('2026-11-23T10:00:00Z');
/** Young enough to answer for equal requests, whatever the clock says. */
export const closeTime = new Date(Date.now() - 60_000);

async function answerOf(answer: (() => unknown) | undefined, _count: number): Promise<unknown> {
  if (!answer) throw new Error('Nobody answers');
  return await answer();
}

function description(workflowId: string, run: FakeRun) {
  const { status = 'RUNNING', runId = 'run-1', memo = {}, closedAt = closeTime } = run;
  const { type = workflowTypes.generate, pendingActivities = [], historyLength = 1 } = run;
  return {
    workflowId,
    runId,
    historyLength,
    type,
    memo,
    startTime,
    status: { code: 0, name: status },
    typedSearchAttributes: new TypedSearchAttributes(attributesOf(run)),
    ...(status !== 'RUNNING' && { closeTime: closedAt }),
    raw: { pendingActivities },
  } as unknown as WorkflowExecutionDescription;
}

function attributesOf({ phase, model, jobId, billed }: FakeRun): SearchAttributePair[] {
  return [
    { key: videoPhaseKey, value: phase },
    { key: videoModelKey, value: model },
    { key: videoJobIdKey, value: jobId },
    { key: videoBilledKey, value: billed },
  ].filter((pair): pair is typeof pair & { value: string } => pair.value !== undefined);
}
