import { Context } from '@temporalio/activity';

/** Well below the heartbeat timeout of the activities of a batch. */
const heartbeatEveryMs = 10_000;

/** Runs an activity that says nothing of its progress, so that the death of its worker is seen by its heartbeats. */
export function withHeartbeats<Args extends unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), heartbeatEveryMs);
    try {
      return await activity(...args);
    } finally {
      clearInterval(beat);
    }
  };
}
