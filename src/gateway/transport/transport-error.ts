import { tlsWords } from '../../egress/tls-words.ts';
import { redact } from '../faults/redact.ts';

export type TransportFault = 'blocked' | 'timeout' | 'aborted' | 'too_large' | 'connection';

/** No complete response was received. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly fault: TransportFault;
  /** False only if provably no byte of the request was sent. */
  readonly sent: boolean;
  /** `ECONNREFUSED`, `UND_ERR_SOCKET`, … */
  readonly code?: string;

  constructor(
    fault: TransportFault,
    message: string,
    { sent, code, cause }: { sent: boolean; code?: string | undefined; cause?: unknown },
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
    this.sent = sent;
    if (code !== undefined) this.code = code;
  }
}

/** Converts any error of the HTTP library to a TransportError without secrets. */
export function toTransportError(
  error: unknown,
  { sent, reason }: { sent: boolean; reason?: unknown },
): TransportError {
  if (error instanceof TransportError) {
    // The error may be from before the connection was established, so `sent` is taken from the current state.
    const cause = error.fault === 'aborted' ? reason : undefined;
    return new TransportError(error.fault, error.message, { sent, cause });
  }
  const code = codeOf(error);
  const told = messageOf(error);
  const message = tlsWords(code, told) ?? told;
  if (code === 'ERR_BLOCKED_ADDRESS') return new TransportError('blocked', message, { sent, code });
  const fault = timeoutCodes.has(code ?? '') ? 'timeout' : 'connection';
  return new TransportError(fault, message, { sent, code });
}

const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}

/** Parser errors of the HTTP library contain raw bytes of the response. Only the message is kept. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return redact(error instanceof Error ? error.message : String(error));
}
