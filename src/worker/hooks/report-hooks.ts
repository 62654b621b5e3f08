import type { Logger, MetricMeter } from '@temporalio/common';
import { count } from '../../contract/metrics.ts';
import type { ReceiverOptions } from './receiver.ts';

/** Anybody can send requests, so refused ones must not fill the log. */
const refusedEveryMs = 60_000;

/** Counts and logs callbacks, without signatures and bodies. */
export function reportHooks({
  meter,
  logger,
  now = Date.now,
}: {
  meter: MetricMeter;
  logger: Logger;
  now?: () => number;
}): ReceiverOptions['onHandled'] {
  let refused = 0;
  let loggedAt = -Infinity;
  const logRefused = (message: string, details: object) => {
    refused += 1;
    if (now() - loggedAt < refusedEveryMs) return;
    loggedAt = now();
    logger.warn(message, { ...details, sinceLastLine: refused });
    refused = 0;
  };
  return (result) => {
    const { outcome } = result;
    count(meter, 'onetake_hooks_total', { outcome });
    if (outcome === 'too_large' || outcome === 'refused') {
      const reason = outcome === 'refused' ? result.fault : outcome;
      logRefused('A callback was refused: it is not signed by the gateway with our API key', {
        reason,
      });
    } else if (outcome === 'unavailable') {
      logger.warn('A callback could not be passed on; the gateway sends it again', {
        jobId: result.event?.jobId,
        error: result.error,
      });
    } else if (outcome === 'unreadable') {
      logger.warn('A callback of the gateway names no job');
    } else {
      const { event, videoId } = result;
      const about = { outcome, jobId: event?.jobId, event: event?.type };
      logger.debug('A callback arrived', { ...about, ...(videoId !== undefined && { videoId }) });
    }
  };
}
