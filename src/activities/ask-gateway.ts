import type { JobRef } from '../contract/video-job.ts';
import type { ExchangeOptions, Gateway, JobStatus } from '../gateway/gateway.ts';

export interface Asking extends ExchangeOptions {
  /** Read the other route as well even when this one looks healthy: it may be stale. */
  doubt: boolean;
  /** At the end of the job read what was charged: the generations route alone says it. */
  charge?: true;
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
  const { doubt, charge, ...exchange } = asking;
  const status = await gateway.status(job, exchange);
  const inDoubt =
    status.noNews || status.reasonMissing || status.unknownWord !== undefined || doubt;
  const asksOther = isVerdict(status) ? charge || inDoubt : inDoubt;
  if (job.format !== 'videos' || !asksOther || status.refusedKey) return status;
  if (status.state === 'succeeded' && !charge) return status;
  const other = await askOtherRoute(gateway, job, exchange);
  return other ? betterOf(status, other) : status;
}

function betterOf(status: JobStatus, other: JobStatus): JobStatus {
  if (other.noNews || !isVerdict(other)) return status;
  if (other.state !== status.state) return status.state === 'succeeded' ? status : other;
  const charged = other.quota !== undefined && { quota: other.quota };
  if (status.state === 'failed' && status.reasonMissing && !other.reasonMissing) return other;
  return { ...status, ...charged };
}

function isVerdict({ state }: JobStatus): boolean {
  return state === 'succeeded' || state === 'failed';
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
