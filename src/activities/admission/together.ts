import { AsyncResource } from 'node:async_hooks';
import { mostInList } from '../../contract/admission.ts';

/** Approximate limit of a list in bytes of JSON. The server takes 2 MB, and a list is part of each replay. */
const mostBytes = 64_000;

/** An entry that has not been answered. To settle it again has no effect. */
export interface Pending<Entry, Answer> {
  entry: Entry;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

interface Options<Entry, Answer> {
  /** What is sent of an entry. Only its size counts here. */
  payloadOf(entry: Entry): unknown;
  /** Settles each entry. An entry that is not settled when it returns or throws is rejected. */
  post(list: readonly Pending<Entry, Answer>[]): Promise<void>;
  /** A list without an outcome after this time is given up, so that a call that hangs does not stop the next list. */
  limitMs: number;
  /** Called before each list is made. It must not throw. */
  untilReady?: () => Promise<void>;
}

/**
 * Group commit: an entry is sent at once if nothing is on its way; those that arrive meanwhile go together in the next
 * list. No entry waits for others to come.
 */
export interface Together<Entry, Answer> {
  /** @param withdrawn Rejects the entry, and takes it back if it is not on its way. */
  send(entry: Entry, withdrawn?: AbortSignal): Promise<Answer>;
}

/**
 * To be called outside of activities: a call of Temporal's client in the context of an activity is aborted when that
 * activity is cancelled, and a list is of many. Lists are sent in the context in which this is called.
 */
export function createTogether<Entry, Answer>(
  options: Options<Entry, Answer>,
): Together<Entry, Answer> {
  const queue: Pending<Entry, Answer>[] = [];
  let isSending = false;
  const sendAll = AsyncResource.bind(async () => {
    if (isSending) return;
    isSending = true;
    try {
      while (queue.length > 0) {
        await options.untilReady?.();
        const payloads = queue.slice(0, mostInList).map(({ entry }) => options.payloadOf(entry));
        await sendList(queue.splice(0, fitting(payloads)), options);
      }
    } finally {
      isSending = false;
    }
  });
  return {
    send: async (entry, withdrawn) => {
      withdrawn?.throwIfAborted();
      let withdraw = () => {};
      const answer = new Promise<Answer>((resolve, reject) => {
        const pending = { entry, resolve, reject };
        queue.push(pending);
        withdraw = () => {
          const index = queue.indexOf(pending);
          if (index !== -1) queue.splice(index, 1);
          reject(withdrawn?.reason);
        };
      });
      withdrawn?.addEventListener('abort', withdraw, { once: true });
      void sendAll();
      // A signal of AbortSignal.any() with a listener, and all that the listener uses, stays in memory until it is aborted.
      return answer.finally(() => withdrawn?.removeEventListener('abort', withdraw));
    },
  };
}

/** How many of the payloads fit into one list; at least one. */
function fitting(payloads: readonly unknown[]): number {
  let bytes = 0;
  const end = payloads.findIndex((payload, index) => {
    bytes += Buffer.byteLength(JSON.stringify(payload));
    return index > 0 && bytes > mostBytes;
  });
  return end === -1 ? payloads.length : end;
}

async function sendList<Entry, Answer>(
  list: readonly Pending<Entry, Answer>[],
  { post, limitMs }: Options<Entry, Answer>,
): Promise<void> {
  if (list.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in ${limitMs} ms`)), limitMs);
    timer.unref();
  });
  try {
    await Promise.race([post(list), late]);
    for (const { reject } of list) reject(new Error('The list has no answer for this entry'));
  } catch (error) {
    for (const { reject } of list) reject(error);
  } finally {
    clearTimeout(timer);
  }
}
