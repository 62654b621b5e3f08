import { timingOf } from '../../src/contract/job-timing.ts';
import { admissionId } from '../../src/identity/admission-id.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createJobTimings } from '../../src/storage/records/job-timings.ts';
import type { BenchHarness } from '../batch/harness.ts';

/** Sigma of a lognormal distribution around two minutes; `none`: all take two minutes, and none came before. */
const spreads = { none: 0, narrow: 0.25, wide: 0.6 } as const;
const medianMs = 120_000;
const earlierJobs = 50;

/** How much durations vary, and whether the worker knows them. */
export type Spread = keyof typeof spreads;

/** @throws {RangeError} */
export function readSpread(text: string): Spread {
  if (Object.hasOwn(spreads, text)) return text as Spread;
  throw new RangeError(`Cannot run --history "${text}": it is none, narrow or wide`);
}

/** Durations of jobs in milliseconds, evenly over the distribution: each run has the same. */
export function durationsOf(spread: Spread, count: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.round(medianMs * Math.exp(spreads[spread] * normalQuantile((index + 0.5) / count))),
  );
}

/** Records the durations of earlier jobs, as if this worker had run them. */
export async function writeHistory({ env, gateway }: BenchHarness, spread: Spread): Promise<void> {
  if (spread === 'none') return;
  const storage = createFileStorage({ folder: env['STORAGE_URL'] ?? '' });
  const account = admissionId({ gateway: gateway.url, key: gateway.apiKey });
  const timings = createJobTimings({ storage, account });
  const body = { model: 'kling-v1', prompt: 'a cat', size: '1280x720', duration: 5 };
  const job = { model: body.model, ...timingOf({ format: 'generations', body }) };
  for (const durationMs of durationsOf(spread, earlierJobs)) await timings.record(job, durationMs);
}

/** By bisection of the logistic approximation of the normal distribution; exact enough for a spread. */
function normalQuantile(share: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    const below = 1 / (1 + Math.exp(-(1.5976 * middle + 0.070_566 * middle ** 3)));
    if (below < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
