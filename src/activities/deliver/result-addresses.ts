import type { JobRef } from '../../contract/video-job.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { askGateway, askOtherRoute } from '../watch/ask-gateway.ts';
import { moneyOf } from '../watch/job-money.ts';

const statusTimeoutMs = 20_000;

/**
 * Fresh addresses of the video of a job, best first, the gateway's own last. They expire and are secrets.
 *
 * @throws {GatewayError} `result_missing` where the job no longer counts as succeeded, the gateway's verdict where it
 *   failed, and whatever the question itself meets.
 */
export async function resultAddresses(
  gateway: Gateway,
  job: JobRef,
  signal: AbortSignal,
): Promise<string[]> {
  const exchange = { timeoutMs: statusTimeoutMs, signal };
  const status = await askGateway(gateway, job, { ...exchange, doubt: true });
  if (status.state !== 'succeeded') {
    const said = status.failure ? `: ${status.failure.message}` : '';
    const message = `Cannot fetch the video: the gateway now calls job "${job.jobId}" ${status.state}`;
    const { billed } = moneyOf(status);
    throw new GatewayError(status.failure?.kind ?? 'result_missing', `${message}${said}`, {
      billed,
    });
  }
  if (job.format === 'generations' || status.resultUrls.length > 1) return status.resultUrls;
  const other = await askOtherRoute(gateway, job, exchange);
  return [...new Set([...(other?.resultUrls ?? []), ...status.resultUrls])];
}
