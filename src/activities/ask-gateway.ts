import type { JobRef } from '../contract/video-job.ts';
import type { ExchangeOptions, Gateway, JobStatus } from '../gateway/gateway.ts';

export interface Asking extends ExchangeOptions {
  /** Read the other route as well even when this one looks healthy: it may be stale. */
  doubt: boolean;
}

/**
 * The state of a job: its own route, and where that gives no verdict of its own, the generations route, whose
 * SUCCESS and FAILURE come from the gateway's database.
 *
 * @throws {GatewayError} of the job's own route; a failure of the second question leaves the first answer standing.
 * @see docs/gateway.md#traps
 */
export async function askGateway(
  gateway: Gateway,
  job: JobRef,
  asking: Asking,
): Promise<JobStatus> {
  const { doubt, ...exchange } = asking;
  const status = await gateway.status(job, exchange);
  const inDoubt =
    status.noNews || status.reasonMissing || status.unknownWord !== undefined || doubt;
  if (job.format !== 'videos' || !inDoubt || status.state === 'succeeded') return status;
  const other = await askOtherRoute(gateway, job, exchange);
  if (!other || other.noNews) return status;
  if (status.state === 'failed' && other.state === 'failed' && other.reasonMissing) return status;
  return other.state === 'succeeded' || other.state === 'failed' ? other : status;
}

/** Also for results: a success whose own route names no address. */
export async function askOtherRoute(
  gateway: Gateway,
  job: JobRef,
  exchange: ExchangeOptions,
): Promise<JobStatus | null> {
  try {
    return await gateway.status({ ...job, format: 'generations' }, exchange);
  } catch (error) {
    if (exchange.signal?.aborted) throw error;
    return null;
  }
}
