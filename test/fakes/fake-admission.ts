import { AsyncLocalStorage } from 'node:async_hooks';
import { WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import {
  admissionIsBusy,
  type AdmissionAnswer,
  type AdmissionEntryAnswer,
  type AdmissionRelease,
  type AdmissionRequest,
} from '../../src/contract/admission.ts';

/** One message to the admission. `runId` is the run that it named. */
export interface Sent {
  name: string;
  /** Ids of the videos. */
  videos: string[];
  runId?: string;
}

/** A Temporal client before which one admission runs, as the activities of the admission use it. */
export interface FakeAdmission {
  client: Client;
  sent: Sent[];
  /** Requests at the admission now, and the most so far. */
  load: { now: number; most: number };
  describes: number;
  /** The current run; null while there is none. */
  run: { id: string; takesLists: boolean; knowsLists: boolean } | null;
  /** Each message waits for it. */
  gate: Promise<void>;
  /** Called for each message before it is taken. */
  before: (sent: Sent) => void;
  answer: (ask: AdmissionRequest) => AdmissionEntryAnswer;
}

export function fakeAdmission(): FakeAdmission {
  const fake: FakeAdmission = {
    client: undefined as unknown as Client,
    sent: [],
    load: { now: 0, most: 0 },
    describes: 0,
    run: { id: 'run-1', takesLists: true, knowsLists: true },
    gate: Promise.resolve(),
    before: () => {},
    answer: () => ({ outcome: 'granted' }),
  };
  const demandRun = (runId?: string) => {
    const { run } = fake;
    if (run && (runId === undefined || runId === run.id)) return run;
    throw new WorkflowNotFoundError('No such run', 'admission/x', runId);
  };
  // As the connection of Temporal does: what an activity calls is aborted when it is cancelled.
  const signals = new AsyncLocalStorage<AbortSignal>();
  const aborted = () => {
    const signal = signals.getStore();
    signal?.throwIfAborted();
    return new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  const take = async (message: Sent): Promise<void> => {
    fake.sent.push(message);
    fake.load.now += 1;
    fake.load.most = Math.max(fake.load.most, fake.load.now);
    try {
      await Promise.race([fake.gate, aborted()]);
      fake.before(message);
    } finally {
      fake.load.now -= 1;
    }
  };
  const getHandle = (_id: string, runId?: string) => ({
    describe: async () => {
      fake.describes += 1;
      const { id, takesLists } = demandRun();
      return { runId: id, status: { name: 'RUNNING' }, memo: takesLists ? { takesLists } : {} };
    },
    executeUpdate: async (
      name: string,
      { args: [given] }: { args: [AdmissionRequest | AdmissionRequest[]] },
    ): Promise<AdmissionAnswer | AdmissionEntryAnswer[]> => {
      const asks = [given].flat();
      await take({ name, videos: asks.map(({ videoId }) => videoId) });
      const { knowsLists } = demandRun();
      if (!Array.isArray(given)) return fake.answer(given) as AdmissionAnswer;
      if (!knowsLists) throw updateFailed(`No registered handler for update: ${name}`);
      return asks.map(fake.answer);
    },
    signal: async (name: string, given: AdmissionRelease | AdmissionRelease[]) => {
      const videos = [given].flat().map(({ videoId }) => videoId);
      await take({ name, videos, ...(runId !== undefined && { runId }) });
      demandRun(runId);
    },
  });
  const start = async () => {
    fake.run ??= { id: 'run-1', takesLists: true, knowsLists: true };
  };
  const withAbortSignal = (signal: AbortSignal, call: () => unknown) => signals.run(signal, call);
  const withDeadline = async (deadlineMs: number, call: () => Promise<unknown>) => {
    const ended = new AbortController();
    const late = () => ended.abort(new Error('DEADLINE_EXCEEDED'));
    const timer = setTimeout(late, deadlineMs - Date.now());
    return signals.run(ended.signal, call).finally(() => clearTimeout(timer));
  };
  const workflow = { getHandle, start };
  fake.client = { workflow, withAbortSignal, withDeadline } as unknown as Client;
  return fake;
}

export function updateFailed(message: string, type?: string): WorkflowUpdateFailedError {
  const cause = ApplicationFailure.create({ message, nonRetryable: true, ...(type && { type }) });
  return new WorkflowUpdateFailedError('Workflow Update failed', cause);
}

export const busy = () => updateFailed('Request again in a moment', admissionIsBusy);

/** A gate for messages: closed until `open` is called. */
export function gate(): { closed: Promise<void>; open(): void } {
  let open = () => {};
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}
