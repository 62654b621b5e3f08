import { condition, defineSignal, patched, setHandler, sleep } from '@temporalio/workflow';
import { messageNames, type VideoJobEvent } from '../contract/messages.ts';

/** For runs from before wake-ups were limited to one per poll interval. */
const formerSpacingMs = 2_000;

export interface JobEvents {
  /** True while an event waits to be handled. */
  arrived(): boolean;
  /**
   * Resolves on an event that no earlier call has handled, but not earlier than `spacingMs` after the last wake-up:
   * each costs about 11 events of history, and a webhook may send for hours.
   */
  next(spacingMs: number): Promise<void>;
}

/** Handles signal `videoJobEvent`. Its payload is a hint that wakes the poll, never a result. */
export function listenForJobEvents(): JobEvents {
  let received = 0;
  let answered = 0;
  let lastWakeAt = 0;
  setHandler(defineSignal<[VideoJobEvent?]>(messageNames.videoJobEvent), () => {
    received += 1;
  });
  const arrived = () => received > answered;
  return {
    arrived,
    next: async (spacingMs) => {
      await condition(arrived);
      const leastMs = patched('one-wake-per-beat') ? spacingMs : formerSpacingMs;
      const waitMs = lastWakeAt + leastMs - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      lastWakeAt = Date.now();
      answered = received;
    },
  };
}
