import { defineSignal, defineUpdate, metricMeter, setHandler } from '@temporalio/workflow';
import { messageNames, type Asker, type StillWaiting } from '../contract/messages.ts';
import { count } from '../contract/metrics.ts';

/**
 * Who waits for this video: its starter, and whoever joined. Handles signal `joinVideo` and update `leaveVideo`.
 *
 * A run whose last asker leaves is not ended from here: a workflow cannot cancel itself, so the one who left does it.
 */
export function listenForAskers(starter?: string): void {
  const askers = new Set<string>(starter === undefined ? [] : [starter]);
  count(metricMeter, 'onetake_asks_total', { answer: 'miss' });
  setHandler(defineSignal<[Asker]>(messageNames.joinVideo), ({ asker }) => {
    count(metricMeter, 'onetake_asks_total', { answer: 'joined' });
    askers.add(asker);
  });
  setHandler(defineUpdate<StillWaiting, [Asker]>(messageNames.leaveVideo), ({ asker }) => {
    const wasWaiting = askers.delete(asker);
    // A starter without a name cannot leave: whoever joined it leaves it behind.
    const unnamed = wasWaiting && starter === undefined ? 1 : 0;
    return { wasWaiting, others: askers.size + unnamed };
  });
}
