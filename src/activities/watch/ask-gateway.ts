import type { JobRef } from '../../contract/video-job.ts';
import type { VideoFormat } from '../../contract/video-request.ts';
import type { ExchangeOptions, Gateway, JobStatus } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

export interface Asking extends ExchangeOptions {
  /** Read the other route as well, even if this one answers: its answer may be stale, or it has failed before. */
  doubt: boolean;
  /** Read the charge when the job has ended: only the generations route has it. */
  charge?: true | undefined;
}

/**
 * Reads the state of a job from its own route. If that route gives no definite answer, it reads the other route, too.
 * SUCCESS and FAILURE of the generations route come from the gateway's database.
 *
 * @throws {GatewayError} of the job's own route, if the other one has no definite answer either.
 * @see docs/gateway.md#status
 */
export async function askGateway(
  gateway: Gateway,
  job: JobRef,
  { doubt, charge, ...exchange }: Asking,
): Promise<JobStatus> {
  let status: JobStatus;
  try {
    status = await gateway.status(job, exchange);
  } catch (error) {
    const other = isDoubtful(error, doubt) ? await askOtherRoute(gateway, job, exchange) : null;
    if (other && isVerdict(other)) return other;
    throw error;
  }
  const asksOther = job.format === 'videos' ? isOpen(status, { doubt, charge }) : isEmpty(status);
  if (!asksOther || status.refusedKey) return status;
  const other = await askOtherRoute(gateway, job, exchange);
  return other ? betterOf(job, status, other) : status;
}

/** One route may fail alone. A rate limit or a refused key applies to both. */
function isDoubtful(error: unknown, doubt: boolean): boolean {
  if (!(error instanceof GatewayError) || error.pause || error.kind === 'rate_limited')
    return false;
  return doubt || (error.httpStatus ?? 0) >= 500;
}

/** Whether the generations route may know more than this answer of the videos route. */
function isOpen(status: JobStatus, { doubt, charge }: Pick<Asking, 'doubt' | 'charge'>): boolean {
  if (charge && isVerdict(status)) return true;
  if (status.state === 'succeeded') return false;
  return doubt || isEmpty(status) || status.reasonMissing || status.unknownWord !== undefined;
}

/** True if the answer has no state, or 100 % progress without an end state. */
function isEmpty(status: JobStatus): boolean {
  return status.noNews || (status.progressPercent === 100 && !isVerdict(status));
}

function betterOf({ format }: JobRef, status: JobStatus, other: JobStatus): JobStatus {
  if (other.noNews || !isVerdict(other)) return status;
  // If the database calls a job running, only the database can end it as failed, since that comes with the refund.
  if (format === 'generations' && !status.noNews && other.state === 'failed') return status;
  if (other.state !== status.state) return status.state === 'succeeded' ? status : other;
  const charged = other.quota !== undefined && { quota: other.quota };
  if (status.state === 'failed' && status.reasonMissing && !other.reasonMissing) return other;
  return { ...status, ...charged, resultUrls: addressesOf(format, status, other) };
}

/**
 * The addresses of a succeeded job from both routes, best first: the videos route may have only the gateway's own
 * address, and then the other route's come first.
 */
export function addressesOf(
  format: VideoFormat,
  { resultUrls }: JobStatus,
  other: JobStatus | null,
): string[] {
  if (format === 'generations' || resultUrls.length > 1) return resultUrls;
  return [...new Set([...(other?.resultUrls ?? []), ...resultUrls])];
}

function isVerdict({ state }: JobStatus): boolean {
  return state === 'succeeded' || state === 'failed';
}

const otherRoute: Record<VideoFormat, VideoFormat> = {
  videos: 'generations',
  generations: 'videos',
};

/** Also used for results: a succeeded job may have no address on its own route. */
export async function askOtherRoute(
  gateway: Gateway,
  job: JobRef,
  exchange: ExchangeOptions,
): Promise<JobStatus | null> {
  try {
    return await gateway.status({ ...job, format: otherRoute[job.format] }, exchange);
  } catch (error) {
    if (exchange.signal?.aborted) throw error;
    return null;
  }
}
