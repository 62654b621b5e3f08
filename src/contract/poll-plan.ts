import { gatewayBeatMs, type PollPlan } from './poll-delay.ts';

/** Fewer durations say nothing: the schedule is `beat`, and there is no expected time. */
export const leastSamples = 5;

/**
 * Gaps of the polls before the first planned one, so that a job that fails, or that is faster than usual, is seen. They
 * grow to a minute. The last one of them is at least a beat before the first planned poll.
 */
const earlyGapsMs = [45_000];
const longestEarlyGapMs = 60_000;
/** One poll is worth this much squared lateness, in s². Chosen with `npm run bench:day`: docs/decisions/0023-learned-polling.md. */
const pollPrice = 5;
/** A poll sees a job that ended this much before it. The gateway's times are whole seconds. */
const marginMs = 500;
/** Between the shortest and the longest duration, no two polls are further apart. */
const longestGapMs = 2 * gatewayBeatMs;
/** Longer durations are left out, since they would make the steps coarse: such jobs are polled as on `beat`. */
const longestOfMedian = 4;
/** Times that are considered for a poll between the shortest and the longest duration. */
const steps = 240;
const leastStepMs = 500;

/**
 * When to poll a job, learned from how long similar jobs took: the times that minimise the squared lateness plus the
 * price of the polls, never two nearer than the gateway's beat. Deterministic.
 *
 * @param durationsMs At the gateway, ascending.
 * @returns undefined if there are too few durations.
 */
export function planPolls(durationsMs: readonly number[]): PollPlan | undefined {
  if (durationsMs.length < leastSamples) return undefined;
  const longestMs = longestOfMedian * quantile(durationsMs, 0.5);
  const planned = cheapest(timeline(durationsMs.filter((ms) => ms <= longestMs)));
  const [first = 0] = planned;
  return {
    pollsMs: [...earlyPolls(first - gatewayBeatMs), ...planned],
    lateMs: quantile(durationsMs, 0.9),
  };
}

function earlyPolls(untilMs: number): number[] {
  const pollsMs: number[] = [];
  let lastMs = 0;
  for (;;) {
    const atMs = lastMs + (earlyGapsMs[pollsMs.length] ?? longestEarlyGapMs);
    if (atMs > untilMs) {
      const isTooFar = untilMs + gatewayBeatMs > lastMs + longestEarlyGapMs;
      return isTooFar ? [...pollsMs, untilMs] : pollsMs;
    }
    pollsMs.push(atMs);
    lastMs = atMs;
  }
}

/** The duration below which this share of all lies. @param sorted Ascending, not empty. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The durations, smoothed, on a line of equidistant times: sums of weights, so that each interval costs one step. */
interface Timeline {
  stepMs: number;
  fromMs: number;
  /** Index of the time from which every duration is seen. */
  last: number;
  /** Up to each time: the weight that a poll sees, and its first and second moment in seconds. */
  seen: { weight: number; first: number; second: number }[];
}

function timeline(sorted: readonly number[]): Timeline {
  const widthMs = bandwidth(sorted);
  // A few durations are not the whole distribution: each one stands for its neighbourhood.
  const points = sorted
    .flatMap((ms) => [
      { ms: Math.max(0, ms - widthMs), weight: 0.25 / sorted.length },
      { ms, weight: 0.5 / sorted.length },
      { ms: ms + widthMs, weight: 0.25 / sorted.length },
    ])
    .toSorted((one, other) => one.ms - other.ms);
  const fromMs = Math.max(gatewayBeatMs, (points[0]?.ms ?? 0) + marginMs);
  const toMs = Math.max(fromMs, (points.at(-1)?.ms ?? 0) + marginMs);
  const stepMs = Math.max(leastStepMs, Math.ceil((toMs - fromMs) / steps));
  const last = Math.ceil((toMs - fromMs) / stepMs);
  const seen: Timeline['seen'] = [];
  const sums = { weight: 0, first: 0, second: 0 };
  let next = 0;
  for (let index = 0; index <= last + Math.ceil(gatewayBeatMs / stepMs); index += 1) {
    for (; (points[next]?.ms ?? Infinity) + marginMs <= fromMs + index * stepMs; next += 1) {
      const { ms = 0, weight = 0 } = points[next] ?? {};
      sums.weight += weight;
      sums.first += (weight * ms) / 1_000;
      sums.second += weight * (ms / 1_000) ** 2;
    }
    seen.push({ ...sums });
  }
  return { stepMs, fromMs, last, seen };
}

/** Silverman's rule, with the range between the quartiles, which single outliers do not widen. */
function bandwidth(sorted: readonly number[]): number {
  const sigma = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
  return Math.round(0.9 * sigma * sorted.length ** -0.2);
}

/** From the end to the start: the cheapest continuation after a poll at each time. */
function cheapest(line: Timeline): number[] {
  const { stepMs, fromMs, last, seen } = line;
  const beat = Math.ceil(gatewayBeatMs / stepMs);
  const longest = Math.max(beat, Math.floor(longestGapMs / stepMs));
  const best: { cost: number; next: number }[] = [];
  for (let index = seen.length - 1; index >= 0; index -= 1) {
    best[index] =
      index >= last
        ? { cost: 0, next: -1 }
        : choose(line, { index, from: index + beat, to: index + longest, best });
  }
  const start = choose(line, { index: -1, from: 0, to: longest, best });
  const pollsMs: number[] = [];
  for (let index = start.next; index >= 0; index = best[index]?.next ?? -1) {
    pollsMs.push(fromMs + index * stepMs);
  }
  return pollsMs;
}

function choose(
  line: Timeline,
  {
    index,
    from,
    to,
    best,
  }: { index: number; from: number; to: number; best: readonly { cost: number; next: number }[] },
): { cost: number; next: number } {
  let chosen = { cost: Number.POSITIVE_INFINITY, next: -1 };
  for (let next = from; next <= Math.min(to, line.seen.length - 1); next += 1) {
    const cost = intervalCost(line, index, next) + (best[next]?.cost ?? 0);
    if (cost < chosen.cost) chosen = { cost, next };
  }
  return chosen;
}

/** The squared lateness of what a poll at `next` sees first, and its price, which only open jobs pay. */
function intervalCost({ stepMs, fromMs, seen }: Timeline, index: number, next: number): number {
  const none = { weight: 0, first: 0, second: 0 };
  const before = seen[index] ?? none;
  const after = seen[next] ?? none;
  const at = (fromMs + next * stepMs) / 1_000;
  const weight = after.weight - before.weight;
  const late =
    weight * at ** 2 - 2 * at * (after.first - before.first) + (after.second - before.second);
  return Math.max(0, late) + pollPrice * (1 - before.weight);
}
