import type { ConnectionLike } from '@temporalio/client';
import type { State, Worker } from '@temporalio/worker';
import type { Readiness } from './health.ts';
import type { VideoStorage } from '../storage/video-storage.ts';

/** Results are cached, because probes come every few seconds. */
const keptMs = { connection: 5_000, storage: 60_000 };
const patienceMs = 3_000;

/** One of several workers may have stopped while another finishes its submits. */
const wordFor = {
  INITIALIZED: 'starting',
  STOPPING: 'stopping',
  DRAINING: 'stopping',
  DRAINED: 'stopping',
  STOPPED: 'stopping',
  FAILED: 'failed',
} as const satisfies Record<Exclude<State, 'RUNNING'>, string>;

export interface ReadinessOptions extends DependencyOptions {
  workers: readonly Pick<Worker, 'getState'>[];
}

/**
 * Whether the worker takes work: its workers poll, Temporal responds, and the storage is writable. False once a
 * shutdown is requested.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { workers } = options;
  const faults = checkDependencies(options);
  return async () => {
    const state = workers.map((worker) => worker.getState()).find((word) => word !== 'RUNNING');
    if (state !== undefined) return { ready: false, reasons: [`worker: ${wordFor[state]}`] };
    const reasons = await faults();
    return { ready: reasons.length === 0, reasons };
  };
}

export interface DependencyOptions {
  connection: Pick<ConnectionLike, 'workflowService' | 'withDeadline'>;
  storage: Pick<VideoStorage, 'check'>;
  now?: () => number;
}

/** Whether Temporal responds and the storage is writable: one line per fault. */
export function checkDependencies(options: DependencyOptions): () => Promise<string[]> {
  const { connection, storage, now = Date.now } = options;
  const temporalAnswers = kept(keptMs.connection, now, async () => {
    await connection.withDeadline(Date.now() + patienceMs, () =>
      connection.workflowService.getSystemInfo({}),
    );
  });
  const storageWorks = kept(keptMs.storage, now, () => storage.check());
  return async () => {
    const found = [
      { of: 'temporal', fault: await temporalAnswers() },
      { of: 'storage', fault: await storageWorks() },
    ];
    return found.flatMap(({ of, fault }) => (fault === null ? [] : [`${of}: ${fault}`]));
  };
}

/** Caches the result of a check for `forMs`; null if it passed. Failures are not cached. */
function kept(
  forMs: number,
  now: () => number,
  check: () => Promise<void>,
): () => Promise<string | null> {
  let goodUntil = -Infinity;
  let asking: Promise<string | null> | undefined;
  const ask = async (): Promise<string | null> => {
    try {
      await check();
      goodUntil = now() + forMs;
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      asking = undefined;
    }
  };
  return async () => (now() < goodUntil ? null : (asking ??= ask()));
}
