import type { Fault } from './faults/classify.ts';
import { readGatewayWords } from './faults/gateway-words.ts';
import type { HttpAnswer } from './transport/http.ts';
import { maxPatternLength } from './faults/redact.ts';

/** A response with its parsed JSON and error details. */
export interface ReadAnswer extends Fault {
  /** The JSON object or list. Undefined for anything else. */
  json: unknown;
  requestId?: string;
}

/** Detects the format of a response body from its content, not from its content type. */
export function readAnswer(
  { status, headers, body }: HttpAnswer,
  secrets?: readonly string[],
): ReadAnswer {
  const text = body.toString('utf8').trim();
  const json = parseJson(text);
  const words = readGatewayWords(json ?? xmlFault(text), secrets);
  const requestId = headers['x-oneapi-request-id'] ?? words.requestId;
  return {
    httpStatus: status,
    shape: json === undefined ? shapeOf(text, headers['content-type']) : 'json',
    words,
    json,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Accepts only objects and lists. A bare number or string is valid JSON, but not a gateway response. */
function parseJson(text: string): object | undefined {
  const isWhole =
    (text.startsWith('{') && text.endsWith('}')) || (text.startsWith('[') && text.endsWith(']'));
  if (!isWhole) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function shapeOf(text: string, contentType = ''): Fault['shape'] {
  if (text === '') return 'empty';
  const html = /^<(?!\?xml|Error\b)/i.test(text) || /\bhtml\b/i.test(contentType);
  return html ? 'html' : 'text';
}

/** Object stores send errors as XML: `<Error><Code>AccessDenied</Code><Message>…</Message></Error>`. */
function xmlFault(whole: string): object | undefined {
  const text = whole.slice(0, maxPatternLength);
  const code = /<Error>[^]{0,200}<Code>(\w{1,80})<\/Code>/.exec(text)?.[1];
  const message = /<Message>([^<]{1,500})<\/Message>/.exec(text)?.[1];
  return code === undefined ? undefined : { error: { code, message } };
}
