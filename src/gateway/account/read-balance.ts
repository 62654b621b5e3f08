import { z } from 'zod';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions, KeyBalance } from '../gateway.ts';
import { readAnswer } from '../read-answer.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';

const maxAnswerBytes = 1024 * 1024;
const task: Task = { operation: 'balance', verb: 'read the balance of the key' };

/** `GET /api/usage/token/` with the API key. The trailing slash is required. */
export async function readBalance(
  endpoint: GatewayEndpoint,
  options: ExchangeOptions,
): Promise<KeyBalance> {
  const answer = await requestGateway(endpoint, {
    ...options,
    task,
    method: 'GET',
    path: '/api/usage/token/',
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const usage = answer.status === 200 ? usageSchema.safeParse(read.json) : undefined;
  if (!usage?.success) throw faultError(task, read, answer.headers);
  const { total_available, total_used, unlimited_quota } = usage.data.data;
  return { available: unlimited_quota ? null : total_available, used: total_used };
}

/** If the response does not say whether the key is limited, its balance is not reliable. */
const usageSchema = z.looseObject({
  data: z.looseObject({
    total_available: z.number(),
    total_used: z.number(),
    unlimited_quota: z.boolean(),
  }),
});
