import { findOwnJobs } from './account/find-own-jobs.ts';
import type { JobRef } from '../contract/video-job.ts';
import type { ExchangeOptions, Gateway, GatewayOptions, JobStatus } from './gateway.ts';
import { listModels } from './account/list-models.ts';
import { openResult } from './results/open-result.ts';
import { GatewayError } from './gateway-error.ts';
import { readBalance } from './account/read-balance.ts';
import { readPrices } from './account/read-prices.ts';
import { findRequest, readKeyLog } from './account/read-request-log.ts';
import { readLoggedStatus } from './jobs/read-logged-status.ts';
import { readStatusOnce } from './jobs/read-status-once.ts';
import { createGatewayEndpoint, type GatewayEndpoint } from './gateway-endpoint.ts';
import { submitOnce } from './jobs/submit-once.ts';
import { uploadMedia } from './upload-media.ts';
import { createUsedUpKey } from './account/used-up-key.ts';

/**
 * Creates the client of one gateway.
 *
 * @throws {RangeError} The base URL, a secret or a trusted origin is invalid.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const endpoint = createGatewayEndpoint(options);
  const usedUp = createUsedUpKey((rest) => readBalance(endpoint, rest));
  const explained = <T>(exchange: Promise<T>, rest: ExchangeOptions): Promise<T> =>
    exchange.catch(async (error: unknown) => {
      throw await usedUp.explain(error, rest);
    });
  return {
    origin: endpoint.base.origin,
    canSearch: endpoint.accessToken !== undefined,
    submit: (request, rest) => explained(submitOnce(endpoint, { request, ...rest }), rest),
    status: (job, rest) =>
      explained(readStatusOnce(endpoint, { job, ...rest }), rest).catch((error: unknown) =>
        statusInLog(endpoint, { error, job, ...rest }),
      ),
    openResult: (target, rest) => openResult(endpoint, { ...target, ...rest }),
    listModels: (rest) => explained(listModels(endpoint, rest), rest),
    findOwnJobs: (window, rest) => findOwnJobs(endpoint, { window, ...rest }),
    readKeyLog: (rest) => readKeyLog(endpoint, rest),
    findRequest: (requestId, rest) => findRequest(endpoint, { requestId, ...rest }),
    readBalance: (rest) => readBalance(endpoint, rest),
    pricing: (rest) => readPrices(endpoint, rest),
    uploadMedia: (media, rest) => explained(uploadMedia(endpoint, { media, ...rest }), rest),
  };
}

/** If the API key is rejected, jobs it paid for continue, so the access token reads the same row. Otherwise rethrows. */
async function statusInLog(
  endpoint: GatewayEndpoint,
  { error, job: { jobId }, signal }: ExchangeOptions & { error: unknown; job: JobRef },
): Promise<JobStatus> {
  const isRefused = error instanceof GatewayError && error.pause === true;
  if (!isRefused || endpoint.accessToken === undefined) throw error;
  const asked = { jobId, ...(signal && { signal }) };
  const status = await readLoggedStatus(endpoint, asked).catch(() => undefined);
  if (!status) throw error;
  return { ...status, refusedKey: error.kind === 'quota' ? 'quota' : 'auth' };
}
