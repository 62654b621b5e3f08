import { findOwnJobs } from './find-own-jobs.ts';
import type { Gateway, GatewayOptions } from './gateway.ts';
import { listModels } from './list-models.ts';
import { openResult } from './open-result.ts';
import { readBalance } from './read-balance.ts';
import { findRequest, readKeyLog } from './read-request-log.ts';
import { readStatusOnce } from './read-status-once.ts';
import { createSite } from './site.ts';
import { submitOnce } from './submit-once.ts';

/**
 * Makes the client of one gateway.
 *
 * @throws {RangeError} When the base URL, a secret or a trusted origin cannot be used.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const site = createSite(options);
  return {
    origin: site.base.origin,
    canSearch: site.accessToken !== undefined,
    submit: (request, rest) => submitOnce(site, { request, ...rest }),
    status: (job, rest) => readStatusOnce(site, { job, ...rest }),
    openResult: (target, rest) => openResult(site, { ...target, ...rest }),
    listModels: (rest) => listModels(site, rest),
    findOwnJobs: (window, rest) => findOwnJobs(site, { window, ...rest }),
    readKeyLog: (rest) => readKeyLog(site, rest),
    findRequest: (requestId, rest) => findRequest(site, { requestId, ...rest }),
    readBalance: (rest) => readBalance(site, rest),
  };
}
