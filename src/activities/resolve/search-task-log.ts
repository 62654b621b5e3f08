import type { ReconcileSubmitInput } from '../../contract/activities.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import type { Gateway, OwnJob } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

/** The clocks of gateway and worker differ a little, and the log has whole seconds only. */
export const clockSlackMs = 5_000;
/** The gateway writes the row after the vendor has answered, possibly after a proxy has already timed out. */
const lateRowMs = 120_000;
const timeoutMs = 20_000;

export interface LogSearch {
  /** Jobs of our model in the time window of the submit. */
  jobs: OwnJob[];
  findings: string[];
}

/** Reads the gateway's task log, if a personal access token is configured. */
export async function searchTaskLog(
  gateway: Gateway,
  { request, fromMs, toMs }: ReconcileSubmitInput,
  signal: AbortSignal,
): Promise<LogSearch> {
  if (!gateway.canSearch) {
    return { jobs: [], findings: ['The task log was not read: GATEWAY_ACCESS_TOKEN is not set'] };
  }
  const window = { fromMs: fromMs - clockSlackMs, toMs: toMs + lateRowMs };
  try {
    const all = await gateway.findOwnJobs(window, { timeoutMs, signal });
    const jobs = all.filter(({ model }) => model === undefined || model === request.body.model);
    const named = jobs.filter((job) => isOurs(job, request)).length;
    const finding = `The task log has ${jobs.length} jobs of this model in the window, ${named} with this prompt`;
    return { jobs, findings: [finding] };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { jobs: [], findings: [`The task log gave no answer: ${error.message}`] };
  }
}

/**
 * Compares model and prompt byte for byte. A log without prompts proves nothing, and neither does a request without
 * one.
 */
export function isOurs(job: OwnJob, { body }: VideoRequest): boolean {
  return job.model === body.model && job.prompt !== undefined && job.prompt === body.prompt;
}
