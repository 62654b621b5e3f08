import type { VideoPriority } from '../../contract/admission.ts';

/**
 * Number of videos that were told to request again in one minute: those in the window, and those outside by priority.
 */
type Minute = Record<'window' | VideoPriority, number>;

export interface ReturnsState {
  /** Minutes since the epoch. */
  firstMinute: number;
  minutes: Minute[];
}

export const nobodyReturns: ReturnsState = { firstMinute: 0, minutes: [] };

const minuteMs = 60_000;
/**
 * 4 per second: one workflow handles about ten messages per second, and has to handle releases and the requests for
 * free slots besides.
 */
const perMinute = 240;
/** Six hours ahead: 86,000 videos. Beyond that, all go into the last minute. */
const mostMinutes = 360;
/**
 * The longer a video has waited, the longer it waits until its next request, because each request adds events to its
 * history.
 */
const patience = { leastMs: 2 * minuteMs, ofAge: 1 / 4, mostMs: 32 * minuteMs };

/**
 * Schedules when waiting videos request again. The times are spread, so that any number of videos never requests all
 * at once. The times still to come also give the number of videos outside the window, without storing their ids.
 */
export interface Returns {
  /** Returns in how many milliseconds to request again. */
  agree(who: keyof Minute, { ageMs, nowMs }: { ageMs: number; nowMs: number }): number;
  /** Approximate number of videos outside the window: a cancelled video counts until its time has passed. */
  outside(nowMs: number): Record<VideoPriority, number>;
  snapshot(): ReturnsState;
}

export function openReturns(state: ReturnsState): Returns {
  let { firstMinute } = state;
  const minutes = state.minutes.map((minute) => ({ ...minute }));
  /** Maps a full minute since the epoch to a later one. The minutes in between are full as well, and stay full. */
  const beyondFull = new Map<number, number>();
  const forget = (nowMs: number) => {
    const now = Math.floor(nowMs / minuteMs);
    for (; firstMinute < now && minutes.length > 0; firstMinute += 1) {
      beyondFull.delete(firstMinute);
      minutes.shift();
    }
    firstMinute = Math.max(now, firstMinute);
  };
  /**
   * The first minute from here that is not full. Full minutes are skipped with few steps, not once per waiting video.
   */
  const freeFrom = (start: number): number => {
    const passed: number[] = [];
    let index = start;
    while (index < mostMinutes && countOf(minutes[index]) >= perMinute) {
      passed.push(index);
      index = (beyondFull.get(firstMinute + index) ?? firstMinute + index + 1) - firstMinute;
    }
    for (const full of passed) beyondFull.set(firstMinute + full, firstMinute + index);
    return index;
  };
  return {
    agree: (who, { ageMs, nowMs }) => {
      forget(nowMs);
      const { leastMs, ofAge, mostMs } = patience;
      const afterMs = Math.min(Math.max(leastMs, ageMs * ofAge), mostMs);
      const wanted = Math.floor((nowMs + afterMs) / minuteMs) - firstMinute;
      while (minutes.length <= wanted) minutes.push({ window: 0, interactive: 0, batch: 0 });
      const index = freeFrom(wanted);
      const minute = (minutes[index] ??= { window: 0, interactive: 0, batch: 0 });
      const place = Math.min(countOf(minute), perMinute - 1) / perMinute;
      minute[who] += 1;
      const dueMs = (firstMinute + index + place) * minuteMs;
      return Math.max(afterMs, Math.ceil(dueMs - nowMs));
    },
    outside: (nowMs) => {
      const ahead = minutes.slice(Math.max(0, Math.floor(nowMs / minuteMs) - firstMinute));
      return { interactive: sum(ahead, 'interactive'), batch: sum(ahead, 'batch') };
    },
    snapshot: () => ({ firstMinute, minutes }),
  };
}

function countOf(minute: Minute | undefined): number {
  return minute ? minute.window + minute.interactive + minute.batch : 0;
}

function sum(minutes: Minute[], who: keyof Minute): number {
  return minutes.reduce((total, minute) => total + minute[who], 0);
}
