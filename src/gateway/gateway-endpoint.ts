import {
  type BaseUrl,
  checkAccessToken,
  checkApiKey,
  checkUserId,
  parseBaseUrl,
  parseTrustedOrigin,
} from './transport/base-url.ts';
import { compact } from './compact.ts';
import type { ExchangeOptions, GatewayOptions } from './gateway.ts';
import { type Task, transportFault } from './faults/fault-error.ts';
import { exchange, type HttpAnswer } from './transport/http.ts';
import { createNetwork, type Network } from './transport/network.ts';
import { TransportError } from './transport/transport-error.ts';

/** The configuration of one gateway, including credentials. */
export interface GatewayEndpoint {
  base: BaseUrl;
  apiKey: string;
  /** Includes the origin of the base URL. */
  trustedOrigins: ReadonlySet<string>;
  /** Opens connections, directly or through a proxy. */
  network: Network;
  /** Access token of the dashboard, sent only to dashboard routes. */
  accessToken?: string;
  userId?: string;
  /** Redacted from all texts. */
  secrets: readonly string[];
}

/**
 * Validates the configuration of a gateway.
 *
 * @throws {RangeError} The base URL, a secret or a trusted origin is invalid.
 */
export function createGatewayEndpoint(options: GatewayOptions): GatewayEndpoint {
  const { baseUrl, trustedOrigins = [], accessToken, userId, proxies, fakeIps } = options;
  const base = parseBaseUrl(baseUrl);
  const apiKey = checkApiKey(options.apiKey);
  return {
    base,
    apiKey,
    network: createNetwork({
      gatewayHost: new URL(base.origin).hostname,
      ...compact({ proxies, fakeIps }),
    }),
    trustedOrigins: new Set([base.origin, ...trustedOrigins.map(parseTrustedOrigin)]),
    secrets: [apiKey, ...(accessToken === undefined ? [] : [accessToken])],
    ...compact({
      accessToken: accessToken === undefined ? undefined : checkAccessToken(accessToken),
      userId: userId === undefined ? undefined : checkUserId(userId),
    }),
  };
}

/** Some CDNs reject requests without a user agent. */
export const userAgent = 'onetake';

interface Call extends ExchangeOptions {
  task: Task;
  method: 'GET' | 'POST';
  /** Relative to the base URL, including the query. */
  path: string;
  body?: Uint8Array;
  /** Headers sent instead of the API key. */
  credentials?: Record<string, string>;
  maxBodyBytes: number;
}

/**
 * One exchange with the gateway. Sends the API key unless `credentials` are given.
 *
 * @throws {GatewayError} No complete response was received.
 */
export async function requestGateway(
  { base, apiKey, network }: GatewayEndpoint,
  call: Call,
): Promise<HttpAnswer> {
  const { task, method, path, body, credentials, maxBodyBytes, timeoutMs, signal } = call;
  try {
    return await exchange({
      method,
      url: { origin: base.origin, path: `${base.prefix}${path}` },
      headers: {
        ...(credentials ?? { authorization: `Bearer ${apiKey}` }),
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': userAgent,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      trusted: true,
      network,
      timeoutMs,
      signal,
      maxBodyBytes,
    });
  } catch (error) {
    if (error instanceof TransportError) throw transportFault(task, error);
    throw error;
  }
}
