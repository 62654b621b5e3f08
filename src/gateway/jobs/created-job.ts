import { z } from 'zod';
import { compact } from '../compact.ts';
import type { AcceptedJob } from '../gateway.ts';
import { isSuccessCode, readGatewayWords } from '../faults/gateway-words.ts';
import type { HttpHeaders } from '../transport/http.ts';

/**
 * Reads the response of a create, the same on both routes: accepted means a string id and no error marker. An error
 * object together with an id and a status is a job that failed immediately. It exists and is billed like any other job.
 *
 * @returns undefined if there is no reliable job id.
 * @see docs/gateway.md#submit-outcomes
 */
export function readCreatedJob(body: unknown, headers: HttpHeaders): AcceptedJob | undefined {
  const parsed = createdSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { code, error, status, data } = parsed.data;
  const jobId = [parsed.data.task_id, parsed.data.id, data?.task_id].find((id) => id !== undefined);
  const rawStatus = status ?? data?.status;
  const marked = !isSuccessCode(code) || (hasError(error) && rawStatus === undefined);
  if (jobId === undefined || marked) return undefined;
  return compact({
    jobId,
    requestId: headers['x-oneapi-request-id'] ?? readGatewayWords(body).requestId,
    rawStatus: rawStatus === undefined ? undefined : String(rawStatus),
    chargedRatios: readRatios(headers['x-new-api-other-ratios']),
  });
}

/** Some forks have numeric job ids. A number that JSON parsing rounded would name another job, or none. */
const id = z
  .union([z.string().regex(/\S/), z.number().int().positive().transform(String)])
  .optional()
  .catch(undefined);
const scalar = z.union([z.string(), z.number()]).optional().catch(undefined);

/** `data.id` is ignored on purpose: it is the id of a database row. */
const createdSchema = z.looseObject({
  task_id: id,
  id,
  status: scalar,
  code: z.unknown().optional(),
  error: z.unknown().optional(),
  data: z.looseObject({ task_id: id, status: scalar }).nullish().catch(undefined),
});

function hasError(error: unknown): boolean {
  if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0;
  return error !== undefined && error !== null && error !== '' && error !== false;
}

/** `{"seconds":4,"size":1}`: the price multipliers. */
function readRatios(header: string | undefined): Record<string, number> | undefined {
  if (header === undefined) return undefined;
  try {
    const ratios = z.record(z.string(), z.unknown()).safeParse(JSON.parse(header));
    const pairs = Object.entries(ratios.data ?? {});
    return Object.fromEntries(
      pairs.filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
    );
  } catch {
    return undefined;
  }
}
