import { z } from 'zod';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions } from '../gateway.ts';
import { readAnswer } from '../read-answer.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';

const maxAnswerBytes = 8 * 1024 * 1024;
const task: Task = { operation: 'models', verb: 'list the models' };

/**
 * `GET /v1/models`: the ids exactly as sent, in the gateway's order. Empty for a list of `onetake serve`, which accepts
 * models that its catalogue lacks.
 */
export async function listModels(
  endpoint: GatewayEndpoint,
  options: ExchangeOptions,
): Promise<string[]> {
  const answer = await requestGateway(endpoint, {
    ...options,
    task,
    method: 'GET',
    path: '/v1/models',
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const models = answer.status === 200 ? modelsSchema.safeParse(read.json) : undefined;
  if (!models?.success) throw faultError(task, read, answer.headers);
  const isOfOnetake = models.data.data.some((model) => 'onetake' in model);
  return isOfOnetake ? [] : models.data.data.map(({ id }) => id);
}

const modelsSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
