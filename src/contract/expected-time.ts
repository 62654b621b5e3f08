import { quantile } from './poll-plan.ts';

/** How long a job will take, from how long similar jobs took. Milliseconds from the submit to the completion. */
export interface ExpectedTime {
  /** Half of them took less. */
  typicalMs: number;
  /** One in ten took less. */
  fromMs: number;
  /** One in ten took more. */
  toMs: number;
}

/** @param durationsMs Ascending; empty if too few are known. */
export function expectedTime(durationsMs: readonly number[]): ExpectedTime | undefined {
  if (durationsMs.length === 0) return undefined;
  const [fromMs = 0, typicalMs = 0, toMs = 0] = [0.1, 0.5, 0.9].map((share) =>
    Math.round(quantile(durationsMs, share)),
  );
  return { typicalMs, fromMs, toMs };
}
