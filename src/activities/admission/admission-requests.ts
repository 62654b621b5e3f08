import { setTimeout } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import pLimit from 'p-limit';
import {
  admissionIsBusy,
  admissionMessages,
  admissionWorkflowType,
  type AdmissionAnswer,
  type AdmissionEntryAnswer,
  type AdmissionRequest,
} from '../../contract/admission.ts';
import { taskQueues } from '../../contract/task-queues.ts';
import type { ListTakers, ServerClient } from './list-takers.ts';
import { createTogether, type Pending } from './together.ts';

/**
 * A running worker answers in milliseconds, and a waiting video requests again. The limit is this share of the
 * activity's time, at most `mostMs`.
 */
const answerTimeout = { mostMs: 10_000, share: 1 / 4 };
/**
 * Single requests of one worker: the server accepts ten concurrent updates of a workflow from all workers together and
 * rejects the others with a retryable error. Lists go one after the other.
 */
const singlesAtOnce = 4;
/**
 * Delay before the next request while a run of the admission ends: the run can end only at a moment without requests.
 * Half of it is fixed, half random.
 */
const busyMs = 1_500;
const busyTries = 5;

/** Requests to one admission: many at once are one update. To be called in an activity. */
export interface AdmissionRequests {
  /** Late answers are dropped; a request may be repeated. */
  send(ask: AdmissionRequest): Promise<AdmissionAnswer>;
}

interface Entry {
  ask: AdmissionRequest;
  client: ServerClient;
}

type List = readonly Pending<Entry, AdmissionAnswer>[];

export function createAdmissionRequests({
  id,
  takers,
}: {
  id: string;
  takers: ListTakers;
}): AdmissionRequests {
  const pause = openPause();
  const askOne = ({ entry: { ask, client }, resolve, reject }: List[number]) =>
    orStart({ id, client }, () => update(ask, { id, client }))
      .then(resolve)
      .catch((error: unknown) => reject(pause.noted(error)));
  const group = createTogether<Entry, AdmissionAnswer>({
    payloadOf: ({ ask }) => ask,
    limitMs: answerTimeout.mostMs,
    untilReady: pause.isOver,
    post: async (list) => {
      const isAnswered = await postList(list, { id, takers }).catch((error: unknown) => {
        throw pause.noted(error);
      });
      // Its own limit for each list: a call that hangs must not block the calls of the next one.
      const limited = pLimit(singlesAtOnce);
      if (!isAnswered) await Promise.all(list.map((pending) => limited(() => askOne(pending))));
    },
  });
  const askUntilFree = async (entry: Entry, withdrawn: AbortSignal): Promise<AdmissionAnswer> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await group.send(entry, withdrawn);
      } catch (error) {
        if (!isBusy(error) || tries === busyTries) throw error;
      }
    }
  };
  return {
    send: (ask) => {
      const { client } = Context.current();
      return inTime((withdrawn) => askUntilFree({ ask, client }, withdrawn));
    },
  };
}

/** A pause of all requests of this worker, if the run of the admission has to end. */
function openPause(): { noted(error: unknown): unknown; isOver(): Promise<void> } {
  let pause: Promise<void> | undefined;
  return {
    noted: (error) => {
      if (isBusy(error)) {
        pause ??= setTimeout(busyMs * (1 - Math.random() / 2)).finally(() => {
          pause = undefined;
        });
      }
      return error;
    },
    isOver: async () => pause,
  };
}

interface Target {
  id: string;
  client: ServerClient;
}

function update(ask: AdmissionRequest, { id, client }: Target): Promise<AdmissionAnswer> {
  return client.workflow
    .getHandle(id)
    .executeUpdate<AdmissionAnswer, [AdmissionRequest]>(admissionMessages.requestAdmission, {
      args: [ask],
    });
}

/** The first request of an account starts its admission. */
async function orStart<T>({ id, client }: Target, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await client.workflow.start(admissionWorkflowType, {
      taskQueue: taskQueues.workflows,
      workflowId: id,
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'admits submits of one gateway account',
    });
    return ask();
  }
}

/** False if nothing was sent, or the run does not know lists: then the requests are sent one by one. */
async function postList(
  list: List,
  { id, takers }: { id: string; takers: ListTakers },
): Promise<boolean> {
  const [first] = list;
  if (!first || list.length === 1) return false;
  const { client } = first.entry;
  if ((await takers.runOf(client, id)) === null) return false;
  try {
    const answers = await client.workflow
      .getHandle(id)
      .executeUpdate<AdmissionEntryAnswer[], [AdmissionRequest[]]>(
        admissionMessages.requestAdmissions,
        { args: [list.map(({ entry }) => entry.ask)] },
      );
    list.forEach((pending, index) => settle(pending, answers[index]));
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) takers.ended(id);
    else if (isUnknownUpdate(error)) takers.refused(id);
    else throw error;
    return false;
  }
}

function settle({ resolve, reject }: List[number], answer: AdmissionEntryAnswer | undefined): void {
  if (answer === undefined) return;
  if (answer.outcome === 'invalid') reject(new Error(answer.message));
  else resolve(answer);
}

function failureOf(error: unknown): ApplicationFailure | undefined {
  if (!(error instanceof Error && error.name === 'WorkflowUpdateFailedError')) return undefined;
  return error.cause instanceof ApplicationFailure ? error.cause : undefined;
}

/** The message of the SDK for an update without a handler; nothing of the update is recorded. */
function isUnknownUpdate(error: unknown): boolean {
  return failureOf(error)?.message.startsWith('No registered handler for update') ?? false;
}

const failedPrecondition = 9;

/** The server rejects a request in the workflow task in which a run could not end with FAILED_PRECONDITION. */
function isBusy(error: unknown): boolean {
  if (failureOf(error)?.type === admissionIsBusy) return true;
  const { code }: { code?: unknown } = Object(error instanceof Error ? error.cause : undefined);
  return code === failedPrecondition;
}

/** A request that is late is taken back if it is not on its way, and so is one of a cancelled activity. */
async function inTime<T>(ask: (withdrawn: AbortSignal) => Promise<T>): Promise<T> {
  const { info, cancellationSignal } = Context.current();
  const { mostMs, share } = answerTimeout;
  const timeoutMs = Math.min(mostMs, info.startToCloseTimeoutMs * share);
  const withdrawal = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = globalThis.setTimeout(() => {
      const error = new Error(`No answer in ${timeoutMs} ms`);
      withdrawal.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    const withdrawn = AbortSignal.any([withdrawal.signal, cancellationSignal]);
    return await Promise.race([ask(withdrawn), late]);
  } finally {
    clearTimeout(timer);
  }
}
