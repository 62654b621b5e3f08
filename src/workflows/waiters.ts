import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  metricMeter,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import type { RunActivities } from '../contract/activities.ts';
import {
  messageNames,
  type GenerateVideoInput,
  type LeaveVideo,
  type StillWaiting,
} from '../contract/messages.ts';
import { count } from '../contract/metrics.ts';
import { waiterIn, type Waiter } from '../contract/waiter.ts';
import { cancelRunOptions } from './activity-options.ts';

export interface Waiters {
  /** True where at most one still waits: the run may be ended, and whoever joins from now on is a latecomer. */
  closeIfAlone(): boolean;
  /** The run goes on after all. */
  reopen(): void;
  /** Those who joined after the run was to be cancelled: they were told that they get the video. */
  latecomers(): Promise<string[]>;
}

/**
 * Who waits for this video: its starter, and whoever joined. Handles signal `joinVideo` and update `leaveVideo`.
 *
 * A join is a signal, so that it needs no worker, and the server lets no run close before it has seen its signals. So a
 * join is never lost: one that comes before the run is cancelled counts in each later leave, and one that comes after is
 * a latecomer, for whom the run begins again.
 */
export function listenForWaiters(input: GenerateVideoInput): Waiters {
  const starter = waiterIn(input);
  const others = input.waiterIds ?? input.askers ?? [];
  const run = CancellationScope.current();
  const waiters = new Set<string>([...(starter === undefined ? [] : [starter]), ...others]);
  const late = new Set<string>();
  let isLeft = false;
  count(metricMeter, 'onetake_asks_total', { answer: 'started' });
  setHandler(defineSignal<[Waiter]>(messageNames.joinVideo), (waiter) => {
    const joined = waiterIn(waiter) ?? '';
    count(metricMeter, 'onetake_asks_total', { answer: 'joined' });
    waiters.add(joined);
    if (isLeft || run.consideredCancelled) late.add(joined);
  });
  const leave = (leaving: string): StillWaiting => {
    late.delete(leaving);
    const wasWaiting = waiters.delete(leaving);
    // A starter without a name cannot leave: whoever joined it leaves it behind.
    const unnamed = wasWaiting && starter === undefined ? 1 : 0;
    return { wasWaiting, others: waiters.size + unnamed };
  };
  setHandler(
    defineUpdate<StillWaiting, [LeaveVideo]>(messageNames.leaveVideo),
    async ({ cancelIf, ...waiter }) => {
      const left = leave(waiterIn(waiter) ?? '');
      const isLast = cancelIf === 'nobody_waits' || (cancelIf === 'last' && left.wasWaiting);
      if (!isLast || left.others > 0) return left;
      isLeft = true;
      await cancelThisRun();
      return { ...left, cancelling: true };
    },
  );
  return {
    closeIfAlone: () => {
      isLeft = waiters.size + (starter === undefined ? 1 : 0) <= 1;
      return isLeft;
    },
    reopen: () => {
      isLeft = false;
      late.clear();
    },
    latecomers: async () => {
      await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
      return [...late];
    },
  };
}

/** A workflow has no command for that. */
function cancelThisRun(): Promise<void> {
  const { cancelRun } = proxyLocalActivities<RunActivities>(cancelRunOptions);
  return CancellationScope.nonCancellable(() => cancelRun());
}
