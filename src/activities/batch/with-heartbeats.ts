import { Context } from '@temporalio/activity';

/** Well below the heartbeat timeout of the activities of a batch. */
const heartbeatEveryMs = 10_000;

/** Sends heartbeats for an activity without progress of its own, so that the server notices when its worker dies. */
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
