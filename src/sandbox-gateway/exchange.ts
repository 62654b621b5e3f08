import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SeenHeaders } from './call-ledger.ts';

/** One request for the routes. */
export interface Exchange {
  at: number;
  method: string;
  /** The exact request target, with raw query. */
  path: string;
  /** The part before the query, still percent-encoded. */
  pathname: string;
  headers: SeenHeaders;
  requestId: string;
  /** The client asked for Chinese texts. */
  chinese: boolean;
}

/** Reads the head of a request. */
export function readExchange(request: IncomingMessage, at: number): Exchange {
  const path = request.url ?? '/';
  const headers = readHeaders(request);
  return {
    at,
    method: request.method ?? 'GET',
    path,
    pathname: path.split('?', 1)[0] ?? path,
    headers,
    requestId: createRequestId(at),
    chinese: (headers['accept-language'] ?? '').toLowerCase().startsWith('zh'),
  };
}

function readHeaders(request: IncomingMessage): SeenHeaders {
  const headers: SeenHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function createRequestId(at: number): string {
  const stamp = new Date(at).toISOString().replace(/\D/g, '');
  return `${stamp}0008268d9d6${randomBytes(4).toString('hex')}`;
}
