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
  type Asker,
  type GenerateVideoInput,
  type LeaveVideo,
  type StillWaiting,
} from '../contract/messages.ts';
import { count } from '../contract/metrics.ts';
import { cancelRunOptions } from './activity-options.ts';

export interface Askers {
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
export function listenForAskers({ asker, askers: others = [] }: GenerateVideoInput): Askers {
  const run = CancellationScope.current();
  const askers = new Set<string>([...(asker === undefined ? [] : [asker]), ...others]);
  const late = new Set<string>();
  let isLeft = false;
  count(metricMeter, 'onetake_asks_total', { answer: 'started' });
  setHandler(defineSignal<[Asker]>(messageNames.joinVideo), ({ asker: joined }) => {
    count(metricMeter, 'onetake_asks_total', { answer: 'joined' });
    askers.add(joined);
    if (isLeft || run.consideredCancelled) late.add(joined);
  });
  const leave = (leaving: string): StillWaiting => {
    late.delete(leaving);
    const wasWaiting = askers.delete(leaving);
    // A starter without a name cannot leave: whoever joined it leaves it behind.
    const unnamed = wasWaiting && asker === undefined ? 1 : 0;
    return { wasWaiting, others: askers.size + unnamed };
  };
  setHandler(
    defineUpdate<StillWaiting, [LeaveVideo]>(messageNames.leaveVideo),
    async ({ asker: leaving, cancelIf }) => {
      const left = leave(leaving);
      const isLast = cancelIf === 'nobody_waits' || (cancelIf === 'last' && left.wasWaiting);
      if (!isLast || left.others > 0) return left;
      isLeft = true;
      await cancelThisRun();
      return { ...left, cancelling: true };
    },
  );
  return {
    closeIfAlone: () => {
      isLeft = askers.size + (asker === undefined ? 1 : 0) <= 1;
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
