/** The named polling schedules: ours, and the two of the published examples page. */
export const pollScheduleNames = ['beat', 'stepped', 'exponential'] as const;
export type PollScheduleName = (typeof pollScheduleNames)[number];

/** The gateway looks at its vendors every 15 s; asking faster tells nothing new. */
export const gatewayBeatMs = 15_000;

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

export interface PollMoment {
  schedule: PollScheduleName;
  /** Milliseconds since the submit. */
  sinceSubmitMs: number;
  /** The deadline has passed. */
  overdue?: boolean;
  /** A sandbox gateway at speed 20 needs a schedule at speed 20. Default 1. */
  speed?: number;
  /** 0 ≤ jitter < 1, from the caller's random source; up to 20 % are added. */
  jitter?: number;
}

/**
 * Milliseconds from the last question to the next. A pure function of the time since the submit, not of an attempt
 * number, which a reset or a new schedule of the activity would change.
 */
export function pollDelay({
  schedule,
  sinceSubmitMs,
  overdue = false,
  speed = 1,
  jitter = 0,
}: PollMoment): number {
  const elapsedMs = Math.max(0, sinceSubmitMs) * speed;
  const delayMs = overdue ? overdueDelay(elapsedMs) : schedules[schedule](elapsedMs);
  return Math.ceil((delayMs * (1 + 0.2 * jitter)) / speed);
}

const schedules: Record<PollScheduleName, (elapsedMs: number) => number> = {
  beat: (elapsedMs) => (elapsedMs < 10 * minuteMs ? gatewayBeatMs : 30 * secondMs),
  stepped: (elapsedMs) => {
    if (elapsedMs < 30 * secondMs) return 5 * secondMs;
    return elapsedMs < 90 * secondMs ? 10 * secondMs : 30 * secondMs;
  },
  exponential: exponentialDelay,
};

/** 2 s × 1.5 each time, at most 30 s: the step whose start has been reached. */
function exponentialDelay(elapsedMs: number): number {
  const capMs = 30 * secondMs;
  let delayMs = 2 * secondMs;
  for (let startMs = delayMs; startMs <= elapsedMs && delayMs < capMs; startMs += delayMs) {
    delayMs *= 1.5;
  }
  return Math.min(delayMs, capMs);
}

/** Slower and slower: a verdict of the gateway comes within 24 h. */
function overdueDelay(elapsedMs: number): number {
  if (elapsedMs < hourMs) return minuteMs;
  return elapsedMs < 6 * hourMs ? 5 * minuteMs : 10 * minuteMs;
}
