import { z } from 'zod';
import type { GatewayPrices, ModelPrice, Tariff } from '../../contract/price/gateway-prices.ts';
import { dashboardCredentials } from './dashboard-credentials.ts';
import { faultError, type Task } from '../faults/fault-error.ts';
import type { ExchangeOptions } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { readAnswer } from '../read-answer.ts';
import { requestGateway, type GatewayEndpoint } from '../gateway-endpoint.ts';

/** A row with its description has about 1 KB. Large gateways list a few thousand models. */
const maxAnswerBytes = 16 * 1024 * 1024;
const task: Task = { operation: 'prices', verb: 'read the price list' };

/**
 * `GET /api/pricing` with the access token if one is configured, otherwise without credentials: the gateway's operator
 * decides whether it is public. The API key never gives access.
 */
export async function readPrices(
  endpoint: GatewayEndpoint,
  options: ExchangeOptions,
): Promise<GatewayPrices> {
  const isKnown = endpoint.accessToken !== undefined;
  const answer = await requestGateway(endpoint, {
    ...options,
    task,
    method: 'GET',
    path: '/api/pricing',
    credentials: isKnown ? dashboardCredentials(endpoint, task) : {},
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const list = answer.status === 200 ? listSchema.safeParse(read.json) : undefined;
  if (list?.success) return pricesOf(list.data);
  const error = faultError(task, read, answer.headers);
  throw error.kind === 'auth' && !isKnown ? withoutToken(error) : error;
}

function withoutToken({ message, httpStatus }: GatewayError): GatewayError {
  const text = `${message}; set GATEWAY_ACCESS_TOKEN to the access token of the account`;
  return new GatewayError('auth', text, { billed: 'no', httpStatus });
}

const text = z.string().optional().catch(undefined);
const price = z.number().nonnegative().optional().catch(undefined);
const value = z.union([z.string(), z.number(), z.boolean()]);
const usageSchema = z.record(
  z.string(),
  z.looseObject({ enum: z.array(value).optional().catch(undefined) }).catch({}),
);
const rowSchema = z.looseObject({
  model_name: z.string(),
  enable_groups: z.array(z.string()).catch([]),
  billing_mode: text,
  billing_expr: text,
  billing_unit: text,
  billing_usage_schema: usageSchema.optional().catch(undefined),
  model_price: price,
});
/** An invalid row must not make the others unreadable. */
const listSchema = z.looseObject({
  success: z.literal(true),
  group_ratio: z.record(z.string(), z.number().nonnegative()),
  data: z.array(rowSchema.nullable().catch(null)),
});

function pricesOf({ group_ratio, data }: z.output<typeof listSchema>): GatewayPrices {
  const models = data.flatMap((row): ModelPrice[] =>
    row === null
      ? []
      : [{ model: row.model_name, groups: row.enable_groups, tariff: tariffOf(row) }],
  );
  return { groupRatios: group_ratio, models };
}

/** A row without a billing mode is from an older version, which multiplies the price by factors it does not list. */
function tariffOf(row: z.output<typeof rowSchema>): Tariff {
  const { billing_mode: mode = '', billing_expr: expression, model_price: money } = row;
  if (mode === 'tiered_expr' && expression !== undefined) {
    const listed = Object.entries(row.billing_usage_schema ?? {});
    const dimensions = listed.flatMap(([name, { enum: values }]) =>
      values === undefined ? [] : [[name, values] as const],
    );
    return { mode: 'expression', expression, dimensions: Object.fromEntries(dimensions) };
  }
  if (mode === 'per_request' && money !== undefined) return { mode: 'per_video', money };
  const isPerSecond = mode === 'per_second' && ['second', undefined].includes(row.billing_unit);
  if (isPerSecond && money !== undefined) return { mode: 'per_second', money };
  return { mode: 'unknown', billingMode: mode };
}
