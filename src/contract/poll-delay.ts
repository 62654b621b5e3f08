/**
 * The polling schedules. `learned` plans from how long similar jobs took, and is `beat` until enough is known; `beat` is
 * the gateway's own interval; the others are from the gateway's page of examples.
 */
export const pollScheduleNames = ['learned', 'beat', 'stepped', 'exponential'] as const;
/** One of {@link pollScheduleNames}. */
export type PollScheduleName = (typeof pollScheduleNames)[number];

/** The gateway polls its vendors every 15 s. More frequent polls find nothing new. */
export const gatewayBeatMs = 15_000;

/**
 * A job of which the gateway reports the end itself is polled this often once it should be over, in case that the report
 * is lost; also before, if it is not known how long such jobs take.
 */
export const toldPollMs = 4 * gatewayBeatMs;

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** Input of {@link pollDelay}. */
export interface PollMoment {
  schedule: PollScheduleName;
  /** Milliseconds since the submit. */
  sinceSubmitMs: number;
  /** The deadline has passed. */
  overdue?: boolean;
  /** The gateway will report the end of the job. */
  told?: boolean;
  /** A job that is reported is polled every minute if it should be over later than in this time. Default: no limit. */
  leftMs?: number;
  /** Speed factor of a sandbox gateway, e.g. 20. Default 1. */
  speed?: number;
  /** Random number, 0 ≤ jitter < 1. Adds up to 20 %, and to a planned poll up to 0.5 s. */
  jitter?: number;
  /** For schedule `learned`; absent if too little is known. */
  plan?: PollPlan | undefined;
}

/** Times of polls in gateway milliseconds since the submit, ascending, at least a beat apart: `planPolls`. */
export interface PollPlan {
  pollsMs: readonly number[];
  /** Nine of ten jobs have ended. */
  lateMs: number;
}

/**
 * Milliseconds between two polls. Depends on the time since the submit, not on the attempt number, which a reset or
 * a new scheduling of the activity would change.
 */
export function pollDelay({
  schedule,
  sinceSubmitMs,
  overdue = false,
  told = false,
  leftMs = Infinity,
  speed = 1,
  jitter = 0,
  plan,
}: PollMoment): number {
  const elapsedMs = Math.max(0, sinceSubmitMs) * speed;
  if (told && !overdue) {
    const untilLateMs = plan ? plan.lateMs + gatewayBeatMs - elapsedMs : 0;
    const jitterMs = 0.2 * toldPollMs * jitter;
    const lateMs = Math.ceil((Math.max(toldPollMs, untilLateMs) + jitterMs) / speed);
    return lateMs < leftMs ? lateMs : Math.ceil((toldPollMs + jitterMs) / speed);
  }
  const plannedMs = schedule === 'learned' && !overdue && plan ? untilPlanned(plan, elapsedMs) : 0;
  if (plannedMs > 0) return Math.ceil((plannedMs + planJitterMs * jitter) / speed);
  const delayMs = overdue ? overdueDelay(elapsedMs) : schedules[schedule](elapsedMs);
  return Math.ceil((delayMs * (1 + 0.2 * jitter)) / speed);
}

/** After the planned polls, polls are half as frequent from this share of `lateMs`, or from 10 minutes if that is later. */
const slowAfter = 1.5;
/** A poll may be this much late; the next planned one is then still used, a beat after it. */
const slackMs = gatewayBeatMs / 3;
/** A planned poll is at the right time, so many jobs at once are spread only a little. */
const planJitterMs = 500;

/** Gateway milliseconds until the next planned poll; 0 if the plan is over. Never less than a beat. */
function untilPlanned({ pollsMs, lateMs }: PollPlan, elapsedMs: number): number {
  const next = pollsMs.find((atMs) => atMs >= elapsedMs + gatewayBeatMs - slackMs);
  if (next !== undefined) return Math.max(gatewayBeatMs, next - elapsedMs);
  return elapsedMs >= 10 * minuteMs && elapsedMs < slowAfter * lateMs ? gatewayBeatMs : 0;
}

const schedules: Record<PollScheduleName, (elapsedMs: number) => number> = {
  learned: beatDelay,
  beat: beatDelay,
  stepped: (elapsedMs) => {
    if (elapsedMs < 30 * secondMs) return 5 * secondMs;
    return elapsedMs < 90 * secondMs ? 10 * secondMs : 30 * secondMs;
  },
  exponential: exponentialDelay,
};

function beatDelay(elapsedMs: number): number {
  return elapsedMs < 10 * minuteMs ? gatewayBeatMs : 30 * secondMs;
}

/** Starts with 2 s, grows by 1.5 each time, at most 30 s. */
function exponentialDelay(elapsedMs: number): number {
  const capMs = 30 * secondMs;
  let delayMs = 2 * secondMs;
  for (let startMs = delayMs; startMs <= elapsedMs && delayMs < capMs; startMs += delayMs) {
    delayMs *= 1.5;
  }
  return Math.min(delayMs, capMs);
}

/** Increasing intervals, because the gateway ends every job within 24 h. */
function overdueDelay(elapsedMs: number): number {
  if (elapsedMs < hourMs) return minuteMs;
  return elapsedMs < 6 * hourMs ? 5 * minuteMs : 10 * minuteMs;
}
