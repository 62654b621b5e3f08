import { Session } from 'node:inspector/promises';

/** Counts work without the noise of a clock. */
export interface OperationCounter extends AsyncDisposable {
  /** How often any block of the code ran meanwhile. */
  during(run: () => void): Promise<number>;
}

/**
 * Counts blocks of code in files with this name. Begin before the code is called for the first time, and count all that
 * is compared with one counter: V8 counts blocks only in functions that it compiles while it counts, and whole functions
 * elsewhere.
 */
export async function countOperations(name: string): Promise<OperationCounter> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  /** Since the last time. */
  const take = async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const functions = result
      .filter(({ url }) => url.includes(name))
      .flatMap((file) => file.functions);
    const counts = functions.flatMap(({ ranges }) => ranges.map(({ count }) => count));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  return {
    during: async (run) => {
      await take();
      run();
      return take();
    },
    [Symbol.asyncDispose]: async () => {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
