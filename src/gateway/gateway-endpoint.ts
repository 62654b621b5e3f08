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

/** One gateway and what we may show it. */
export interface GatewayEndpoint {
  base: BaseUrl;
  apiKey: string;
  /** The base origin among them. */
  trustedOrigins: ReadonlySet<string>;
  /** The way out of this machine. */
  network: Network;
  /** Of the dashboard; for its routes only. */
  accessToken?: string;
  userId?: string;
  /** What must never come back in a text. */
  secrets: readonly string[];
}

/**
 * Checks everything that is configured about a gateway.
 *
 * @throws {RangeError} When the base URL, a secret or a trusted origin cannot be used.
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

/** Who we are; some CDNs refuse requests without it. */
export const userAgent = 'onetake';

interface Call extends ExchangeOptions {
  task: Task;
  method: 'GET' | 'POST';
  /** Below the base URL, query included. */
  path: string;
  body?: Uint8Array;
  /** Instead of the API key. */
  credentials?: Record<string, string>;
  maxBodyBytes: number;
}

/**
 * One exchange with the gateway itself, with the API key where nothing else is said.
 *
 * @throws {GatewayError} When no complete answer came.
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
