import { Context } from '@temporalio/activity';
import type { LedgerActivities, LedgerCheck } from '../../contract/ledger-check.ts';
import { count } from '../../contract/metrics.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { checkLedger } from '../../storage/records/check-ledger.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { OtherVideos } from '../resolve/other-videos.ts';
import { describeError, jobFailed } from '../to-application-failure.ts';

/** Time limit of one call of `findOwnJobs`, which reads all pages of at most one hour of the log. */
const timeoutMs = 60_000;
/** Heartbeats continue while the storage is read: the response carries a cancellation. */
const heartbeatEveryMs = 5_000;

export interface ReconcileLedgerOptions {
  gateway: Pick<Gateway, 'origin' | 'findOwnJobs'>;
  storage: VideoStorage;
  /** Workflow id of the admission of the gateway's key. */
  account: string;
  others: Pick<OtherVideos, 'own'>;
}

/** Compares claims and videos with the gateway's task log, and counts and logs the differences. */
export function createReconcileLedger(
  options: ReconcileLedgerOptions,
): LedgerActivities['checkLedger'] {
  const { gateway, storage, account, others } = options;
  return async (window) => {
    const { cancellationSignal: signal, heartbeat } = Context.current();
    const beat = setInterval(() => heartbeat(), heartbeatEveryMs);
    try {
      const check = await checkLedger(
        {
          storage,
          account,
          gateway: gateway.origin,
          findJobs: (piece) => gateway.findOwnJobs(piece, { timeoutMs, signal }),
          isKnown: (jobId) => others.own({ jobId, exceptVideoId: '' }),
        },
        window,
      );
      tell(check);
      return check;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      throw jobFailed(describeError(error, error.kind), { nonRetryable: error.kind === 'auth' });
    } finally {
      clearInterval(beat);
    }
  };
}

/**
 * A counter, not a gauge: the next check may run on another worker, and this one would keep reporting old
 * differences.
 */
function tell({ unknownLocally, missingAtGateway, ...check }: LedgerCheck): void {
  const { log, metricMeter } = Context.current();
  const name = 'onetake_ledger_differences_total';
  count(metricMeter, name, { by: unknownLocally.count, where: 'unknown_locally' });
  count(metricMeter, name, { by: missingAtGateway.count, where: 'missing_at_gateway' });
  if (unknownLocally.count + missingAtGateway.count === 0) return;
  const { from, to } = check;
  const counts = { unknownLocally: unknownLocally.count, missingAtGateway: missingAtGateway.count };
  log.warn("The ledger differs from the gateway's own records", { from, to, ...counts });
}
