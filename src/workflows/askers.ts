import { defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { messageNames, type Asker, type StillWaiting } from '../contract/messages.ts';

/**
 * Who waits for this video: its starter, and whoever joined. Handles signal `joinVideo` and update `leaveVideo`.
 *
 * A run whose last asker leaves is not ended from here: a workflow cannot cancel itself, so the one who left does it.
 */
export function listenForAskers(starter?: string): void {
  const askers = new Set<string>(starter === undefined ? [] : [starter]);
  setHandler(defineSignal<[Asker]>(messageNames.joinVideo), ({ asker }) => {
    askers.add(asker);
  });
  setHandler(defineUpdate<StillWaiting, [Asker]>(messageNames.leaveVideo), ({ asker }) => {
    const wasWaiting = askers.delete(asker);
    return { wasWaiting, others: askers.size };
  });
}
