import { Session } from 'node:inspector/promises';

/** How often any block of code in files with this name was run meanwhile: work without the noise of a clock. */
export async function operationsIn(name: string, run: () => void): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const functions = result
      .filter(({ url }) => url.includes(name))
      .flatMap((file) => file.functions);
    const counts = functions.flatMap(({ ranges }) => ranges.map(({ count }) => count));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
