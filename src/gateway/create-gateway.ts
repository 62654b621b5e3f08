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
import { createSite, type Site } from './site.ts';
import { submitOnce } from './jobs/submit-once.ts';
import { uploadMedia } from './upload-media.ts';
import { createUsedUpKey } from './account/used-up-key.ts';

/**
 * Makes the client of one gateway.
 *
 * @throws {RangeError} When the base URL, a secret or a trusted origin cannot be used.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const site = createSite(options);
  const usedUp = createUsedUpKey((rest) => readBalance(site, rest));
  const explained = <T>(exchange: Promise<T>, rest: ExchangeOptions): Promise<T> =>
    exchange.catch(async (error: unknown) => {
      throw await usedUp.explain(error, rest);
    });
  return {
    origin: site.base.origin,
    canSearch: site.accessToken !== undefined,
    submit: (request, rest) => explained(submitOnce(site, { request, ...rest }), rest),
    status: (job, rest) =>
      explained(readStatusOnce(site, { job, ...rest }), rest).catch((error: unknown) =>
        statusInLog(site, { error, job, ...rest }),
      ),
    openResult: (target, rest) => openResult(site, { ...target, ...rest }),
    listModels: (rest) => explained(listModels(site, rest), rest),
    findOwnJobs: (window, rest) => findOwnJobs(site, { window, ...rest }),
    readKeyLog: (rest) => readKeyLog(site, rest),
    findRequest: (requestId, rest) => findRequest(site, { requestId, ...rest }),
    readBalance: (rest) => readBalance(site, rest),
    pricing: (rest) => readPrices(site, rest),
    uploadMedia: (media, rest) => explained(uploadMedia(site, { media, ...rest }), rest),
  };
}

/** The key is refused, and what it paid for goes on: the access token reads the same row. Else the error stands. */
async function statusInLog(
  site: Site,
  { error, job: { jobId }, signal }: ExchangeOptions & { error: unknown; job: JobRef },
): Promise<JobStatus> {
  const isRefused = error instanceof GatewayError && error.pause === true;
  if (!isRefused || site.accessToken === undefined) throw error;
  const asked = { jobId, ...(signal && { signal }) };
  const status = await readLoggedStatus(site, asked).catch(() => undefined);
  if (!status) throw error;
  return { ...status, refusedKey: error.kind === 'quota' ? 'quota' : 'auth' };
}
