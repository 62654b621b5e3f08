import type { ExchangeOptions, GatewayOptions } from '../gateway.ts';
import { requestGateway, createGatewayEndpoint } from '../gateway-endpoint.ts';

const maxAnswerBytes = 8 * 1024 * 1024;

/**
 * Reads the gateway's version from the response header `X-New-Api-Version`. Undefined if absent. Free of charge.
 *
 * @throws {GatewayError} `gateway_unavailable`.
 */
export async function readHostVersion(
  options: GatewayOptions,
  exchange: ExchangeOptions,
): Promise<string | undefined> {
  const { headers } = await requestGateway(createGatewayEndpoint(options), {
    ...exchange,
    task: { operation: 'models', verb: 'read the version' },
    method: 'GET',
    path: '/v1/models',
    maxBodyBytes: maxAnswerBytes,
  });
  return headers['x-new-api-version'];
}
