import { defineUpdate, setHandler } from '@temporalio/workflow';
import { messageNames, type Cancellation, type CancelVideo } from '../contract/messages.ts';
import type { VideoTracker } from './video-tracker.ts';

/**
 * Handles update `cancelVideo({ keep: true })`: nobody waits any longer, and the run goes on, so that the video that
 * was paid for is stored. To stop the run itself is the standard cancellation of Temporal.
 */
export function listenForKeep(tracker: VideoTracker): void {
  setHandler(
    defineUpdate<Cancellation, [CancelVideo]>(messageNames.cancelVideo),
    () => tracker.kept(),
    { validator: (given) => validate(given, tracker) },
  );
}

function validate(given: CancelVideo, tracker: VideoTracker): void {
  const { phase, billed } = tracker.status();
  if (given?.keep !== true) {
    throw new Error('Cannot cancel by update: say "keep", or use the cancellation of Temporal');
  }
  if (billed === 'no') {
    throw new Error(`Cannot keep the video: in phase "${phase}" nothing was spent; cancel it`);
  }
}
