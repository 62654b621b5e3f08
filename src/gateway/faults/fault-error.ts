import { billedWithout, classify, type Operation } from './classify.ts';
import { GatewayError } from '../gateway-error.ts';
import type { HttpHeaders } from '../transport/http.ts';
import type { ReadAnswer } from '../read-answer.ts';
import { shorten } from './redact.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { TransportError } from '../transport/transport-error.ts';

/** The current operation, with a text for messages: `submit the video for model "kling-v1"`. */
export interface Task {
  operation: Operation;
  verb: string;
}

/** Converts an unexpected response to an error, classified by the table of its operation. */
export function faultError(task: Task, answer: ReadAnswer, headers: HttpHeaders): GatewayError {
  const verdict = classify(task.operation, answer);
  const { words, httpStatus, requestId } = answer;
  const says = verdict.says === undefined ? '' : `${verdict.says}; `;
  const message = `${opening(task, verdict.submitOutcome === 'unknown')}: ${says}${seen(task, answer)}`;
  return new GatewayError(verdict.kind, message, {
    billed: verdict.billed,
    submitOutcome: verdict.submitOutcome,
    pause: verdict.pause,
    httpStatus,
    gatewayCode: words.code,
    gatewayMessage: words.message,
    requestId,
    retryAfterMs: retryAfterMs(headers, Date.now()),
    answered: isOfTheGateway(answer) || undefined,
  });
}

/** A gateway's own error has a request id, or a code or type in JSON. A CDN sends HTML, or JSON without either. */
function isOfTheGateway({ httpStatus, shape, words, requestId }: ReadAnswer): boolean {
  if (httpStatus < 400 || shape === 'html') return false;
  const isFault = shape === 'json' && (words.code !== undefined || words.type !== undefined);
  return isFault || requestId !== undefined;
}

/** The error for an incomplete exchange. If any bytes may have been sent, a submit is `unknown`. */
export function transportFault(task: Task, error: TransportError): GatewayError {
  const { operation } = task;
  const submitOutcome =
    operation === 'submit'
      ? error.sent
        ? ('unknown' as const)
        : ('not_accepted' as const)
      : undefined;
  const kind = submitOutcome === 'unknown' ? 'submit_unknown' : transportKind(error);
  const code =
    error.code === undefined || error.message.includes(error.code) ? '' : ` (${error.code})`;
  return new GatewayError(
    kind,
    `${opening(task, submitOutcome === 'unknown')}: ${error.message}${code}`,
    {
      billed: submitOutcome === 'unknown' ? 'maybe' : billedWithout[operation],
      submitOutcome,
      cause: error,
    },
  );
}

function transportKind({ fault }: TransportError): 'blocked_url' | 'gateway_unavailable' {
  return fault === 'blocked' ? 'blocked_url' : 'gateway_unavailable';
}

function opening({ verb }: Task, unknown: boolean): string {
  return unknown ? `Cannot tell what became of the attempt to ${verb}` : `Cannot ${verb}`;
}

function seen({ operation }: Task, { httpStatus, shape, words }: ReadAnswer): string {
  const code = words.code === undefined ? '' : ` (${shorten(words.code, 80)})`;
  const answered = `the response was ${httpStatus}${code}`;
  if (words.message !== undefined) return `${answered}, "${shorten(words.message, 200)}"`;
  const misled = operation !== 'download' && [200, 404].includes(httpStatus);
  const page = misled ? 'a web page; check the base URL' : 'a web page';
  return `${answered}${{ html: `, ${page}`, empty: ', empty', text: ', not JSON', json: '' }[shape]}`;
}
