import { Worker } from 'node:worker_threads';

/** What is asked of the thread. `id` names a running hash; without it, only the given bytes are hashed. */
interface HashCall {
  id?: number;
  bytes?: Uint8Array;
  digest?: true;
  drop?: true;
}

interface Waiting {
  resolve: (digest: string) => void;
  reject: (error: Error) => void;
}

interface HashThread {
  worker: Worker;
  /** By number of the call. Answers arrive in the order of the calls. */
  waiting: Map<number, Waiting>;
}

/** Plain JavaScript in a string: the same in the compiled package, under a loader of TypeScript and in tests. */
const code = `
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const hashes = new Map();
parentPort.on('message', ({ call, id, bytes, digest, drop }) => {
  const hash = hashes.get(id) ?? createHash('sha256');
  if (id !== undefined) hashes.set(id, hash);
  if (bytes) hash.update(bytes);
  if (drop) hashes.delete(id);
  const answer = digest ? hash.copy().digest('hex') : '';
  if (!drop) parentPort.postMessage({ call, answer });
});`;

/** The thread holds hash states only. Without limits, its heap would grow like that of a program. */
const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };

let running: HashThread | undefined;
let calls = 0;

/** The hash thread of this process, started by the first call. A thread that ended is replaced by the next one. */
export function hashThread(): HashThread {
  running ??= startThread();
  return running;
}

/**
 * Calls one thread, because another one does not know its hashes. Bytes in shared memory are not copied: they must not
 * change before the answer.
 *
 * @throws {Error} The thread ended.
 */
export async function callThread(
  thread: HashThread,
  { bytes, ...call }: HashCall,
): Promise<string> {
  if (thread !== running) throw new Error('the hash thread ended');
  const { worker, waiting } = thread;
  calls += 1;
  const sent = {
    ...call,
    ...(bytes && { bytes: isShared(bytes) ? bytes : Uint8Array.from(bytes) }),
  };
  worker.postMessage({ call: calls, ...sent });
  if (call.drop) return '';
  // The process may end while the thread is idle, but not while a digest is missing.
  worker.ref();
  return new Promise((resolve, reject) => waiting.set(calls, { resolve, reject }));
}

export function isShared(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof SharedArrayBuffer;
}

function startThread(): HashThread {
  const worker = new Worker(code, { eval: true, resourceLimits, execArgv: [], env: {} });
  const thread: HashThread = { worker, waiting: new Map() };
  const fail = (cause: unknown) => {
    if (running === thread) running = undefined;
    for (const { reject } of thread.waiting.values()) {
      reject(new Error('the hash thread ended', { cause }));
    }
    thread.waiting.clear();
  };
  worker.on('error', fail).on('exit', fail);
  worker.on('message', ({ call, answer }: { call: number; answer: string }) => {
    thread.waiting.get(call)?.resolve(answer);
    thread.waiting.delete(call);
    if (thread.waiting.size === 0) worker.unref();
  });
  worker.unref();
  return thread;
}
