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
  /** True if at most one waiter is left: the run may be ended, and later joins count as latecomers. */
  closeIfAlone(): boolean;
  /** The run continues after all. */
  reopen(): void;
  /** Waiters that joined after the cancellation of the run: they were promised the video. */
  latecomers(): Promise<string[]>;
}

/**
 * The waiters of this video: its starter and everybody who joined. Handles signal `joinVideo` and update
 * `leaveVideo`.
 *
 * A join is a signal, so it needs no worker, and the server closes no run with unprocessed signals. A join is
 * therefore never lost: a join before the cancellation counts in each later leave, and a join after it is a
 * latecomer, for which the run continues as new.
 */
export function listenForWaiters(
  input: GenerateVideoInput,
  onCallback: (url: string) => void = () => {},
): Waiters {
  const starter = waiterIn(input);
  const others = input.askers ?? input.waiterIds ?? [];
  const run = CancellationScope.current();
  const waiters = new Set<string>([...(starter === undefined ? [] : [starter]), ...others]);
  const late = new Set<string>();
  let isLeft = false;
  count(metricMeter, 'onetake_asks_total', { answer: 'started' });
  setHandler(defineSignal<[Waiter]>(messageNames.joinVideo), (waiter) => {
    const joined = waiterIn(waiter) ?? '';
    count(metricMeter, 'onetake_asks_total', { answer: 'joined' });
    waiters.add(joined);
    if (typeof waiter.callbackUrl === 'string') onCallback(waiter.callbackUrl);
    if (isLeft || run.consideredCancelled) late.add(joined);
  });
  setHandler(
    defineUpdate<StillWaiting, [LeaveVideo]>(messageNames.leaveVideo),
    async ({ cancelIf, ...waiter }) => {
      const left = leave({ waiters, late, starter }, waiterIn(waiter) ?? '');
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

function leave(
  {
    waiters,
    late,
    starter,
  }: { waiters: Set<string>; late: Set<string>; starter?: string | undefined },
  leaving: string,
): StillWaiting {
  late.delete(leaving);
  const wasWaiting = waiters.delete(leaving);
  // A starter without an id cannot leave. When a waiter that joined leaves, the starter still counts.
  const unnamed = wasWaiting && starter === undefined ? 1 : 0;
  return { wasWaiting, others: waiters.size + unnamed };
}

/** A workflow has no command to cancel itself. */
function cancelThisRun(): Promise<void> {
  const { cancelRun } = proxyLocalActivities<RunActivities>(cancelRunOptions);
  return CancellationScope.nonCancellable(() => cancelRun());
}
