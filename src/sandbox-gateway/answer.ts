/** How the bytes of one HTTP answer travel; every fault of gateway.md 13 is a field of it. */
export interface Transfer {
  kind: 'transfer';
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** `length` sends Content-Length, `chunked` none, `close` none and closes the connection at the end. */
  framing: 'length' | 'chunked' | 'close';
  /** A Content-Length that lies. */
  declaredLength?: number;
  /** Bytes really sent; absent means all of them. */
  sendBytes?: number;
  /** `clean` ends the message, `fin` and `reset` break the connection, `hang` leaves it open. */
  ending: 'clean' | 'fin' | 'reset' | 'hang';
  /** Gateway time before the head, and between head and body. */
  headDelayMs?: number;
  bodyDelayMs?: number;
  /** Sends that many bytes, waits that much gateway time, and so on. */
  drip?: { bytes: number; everyMs: number };
  /** Sends the body again and again until the client goes. */
  endless?: boolean;
}

/** No HTTP answer at all: the connection is closed, reset, or left hanging. */
export type Silence = { kind: 'drop' } | { kind: 'reset' } | { kind: 'hang' };

/** What a route decides; `sendAnswer` carries it out. */
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

/** A text answer with the given headers and a correct length. */
export function text(status: number, body: string, headers: Record<string, string>): Transfer {
  return transfer(status, Buffer.from(body), headers);
}

/** An HTML page, as the CDN or the web front end sends it. */
export function html(status: number, body: string): Transfer {
  return text(status, body, { 'Content-Type': 'text/html; charset=utf-8' });
}

/** An answer without a body, `Content-Length: 0`. */
export function empty(status: number, headers: Record<string, string> = {}): Transfer {
  return transfer(status, Buffer.alloc(0), headers);
}

/** A plain, honest transfer: right length, clean end. */
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
