import { CancellationScope, condition, sleep } from '@temporalio/workflow';

/**
 * Waits with one timer. A timer that is cancelled and started again at each decision costs two events each time; this
 * one is replaced only by an earlier one. If the time has moved to a later one, it fires too early and is set again.
 */
export interface Alarm {
  /** True if `isReached` became true before the time; false at the time. Infinity: there is no time. */
  wokenBefore(dueAtMs: number, isReached: () => boolean): Promise<boolean>;
}

interface Timer {
  atMs: number;
  scope: CancellationScope;
}

export function openAlarm(): Alarm {
  let timer: Timer | undefined;
  const set = (atMs: number) => {
    timer?.scope.cancel();
    const own = { atMs, scope: new CancellationScope() };
    timer = own;
    const sleeping = own.scope.run(() => sleep(Math.max(1, atMs - Date.now())));
    sleeping.then(
      () => {
        if (timer === own) timer = undefined;
      },
      () => {},
    );
  };
  return {
    wokenBefore: async (dueAtMs, isReached) => {
      for (;;) {
        if (isReached()) return true;
        if (Date.now() >= dueAtMs) return false;
        if (dueAtMs < (timer?.atMs ?? Infinity)) set(dueAtMs);
        const waited = timer;
        await condition(() => isReached() || timer !== waited);
      }
    },
  };
}
