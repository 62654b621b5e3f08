import type { BaseUrl } from './base-url.ts';
import type { ExchangeOptions } from './gateway.ts';
import { type Task, transportFault } from './fault-error.ts';
import { exchange, type HttpAnswer } from './http.ts';
import { TransportError } from './transport-error.ts';

/** One gateway and what we may show it. */
export interface Site {
  base: BaseUrl;
  apiKey: string;
  /** The base origin among them. */
  trustedOrigins: ReadonlySet<string>;
}

/** Who we are; some CDNs refuse requests without it. */
export const userAgent = 'onetake';

interface Call extends ExchangeOptions {
  task: Task;
  method: 'GET' | 'POST';
  /** Below the base URL, query included. */
  path: string;
  body?: Uint8Array;
  maxBodyBytes: number;
}

/**
 * One exchange with the gateway itself, with the API key.
 *
 * @throws {GatewayError} When no complete answer came.
 */
export async function askSite({ base, apiKey }: Site, call: Call): Promise<HttpAnswer> {
  const { task, method, path, body, maxBodyBytes, timeoutMs, signal } = call;
  try {
    return await exchange({
      method,
      url: { origin: base.origin, path: `${base.prefix}${path}` },
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': userAgent,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      trusted: true,
      timeoutMs,
      signal,
      maxBodyBytes,
    });
  } catch (error) {
    if (error instanceof TransportError) throw transportFault(task, error);
    throw error;
  }
}
