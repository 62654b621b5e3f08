/** Transfer of one HTTP response. */
export interface Transfer {
  kind: 'transfer';
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** `length` sends Content-Length, `chunked` none, `close` none and closes the connection at the end. */
  framing: 'length' | 'chunked' | 'close';
  /** A false Content-Length. */
  declaredLength?: number;
  /** Bytes to send. Default: all. */
  sendBytes?: number;
  /** `clean` ends the message, `fin` and `reset` break the connection, `hang` leaves it open. */
  ending: 'clean' | 'fin' | 'reset' | 'hang';
  /** Gateway time before the head, and between head and body. */
  headDelayMs?: number;
  bodyDelayMs?: number;
  /** Sends this many bytes, waits this much gateway time, and repeats. */
  drip?: { bytes: number; everyMs: number };
  /** Repeats the body until the client disconnects. */
  endless?: boolean;
}

/** No HTTP response: the connection is closed, reset, or left open. */
export type Silence = { kind: 'drop' } | { kind: 'reset' } | { kind: 'hang' };

/** Decision of a route; `sendAnswer` executes it. */
export type Answer = Transfer | Silence;

/** JSON as Go writes it: `&`, `<` and `>` escaped, `Content-Type` of the gin framework. */
export function json(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): Transfer {
  return text(status, goJson(value), {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** A text response with the given headers and a correct length. */
export function text(status: number, body: string, headers: Record<string, string>): Transfer {
  return transfer(status, Buffer.from(body), headers);
}

/** An HTML page, as the CDN or the web front end sends it. */
export function html(status: number, body: string): Transfer {
  return text(status, body, { 'Content-Type': 'text/html; charset=utf-8' });
}

/** A response without a body, `Content-Length: 0`. */
export function empty(status: number, headers: Record<string, string> = {}): Transfer {
  return transfer(status, Buffer.alloc(0), headers);
}

/** A normal transfer: correct length, clean end. */
export function transfer(status: number, body: Buffer, headers: Record<string, string>): Transfer {
  return { kind: 'transfer', status, headers, body, framing: 'length', ending: 'clean' };
}

/** Serialises as Go's `encoding/json` does, so that URLs carry `\u0026`. */
export function goJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('&', '\\u0026')
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e');
}
