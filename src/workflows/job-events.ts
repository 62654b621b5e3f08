import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import { messageNames, type VideoJobEvent } from '../contract/messages.ts';

/** A burst of events wakes the poll once; each wake-up costs about 11 events of history. */
const wakeSpacingMs = 2_000;

export interface JobEvents {
  /** True while an event waits to be answered. */
  arrived(): boolean;
  /** Resolves when an event came in that no earlier call has answered. */
  next(): Promise<void>;
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
    next: async () => {
      await condition(arrived);
      const waitMs = lastWakeAt + wakeSpacingMs - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      lastWakeAt = Date.now();
      answered = received;
    },
  };
}
