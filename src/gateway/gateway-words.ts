import { z } from 'zod';
import { redact, shorten } from './redact.ts';

/** What the gateway said about a fault, out of any of its envelopes. */
export interface GatewayWords {
  /** `task` = `{code,message,data}`, `error` = `{error:{…}}`, `none` = no fault was named. */
  envelope: 'task' | 'error' | 'none';
  /** The body says `success: false`, as the routes of the dashboard do with HTTP 200. */
  refused?: true;
  /** As sent; a number as text; absent when missing, null or empty. */
  code?: string;
  type?: string;
  /** Clean: no request id, no markup, no secret; at most 500 characters. */
  message?: string;
  /** The code inside a `message` that is JSON itself: the vendor's. */
  innerCode?: string;
  requestId?: string;
}

/**
 * Reads the fault out of an answer: `error.message` → `error` as text → `message` beside a code that is not success →
 * `detail` / `msg`.
 *
 * @param secrets What must never come back in a text.
 * @see docs/gateway.md#field-places
 */
export function readGatewayWords(body: unknown, secrets?: readonly string[]): GatewayWords {
  const parsed = faultSchema.safeParse(body);
  if (!parsed.success) return { envelope: 'none' };
  const words = readWords(parsed.data, secrets);
  return parsed.data.success === false ? { ...words, refused: true } : words;
}

function readWords(
  { error, code, message, detail, msg, type, success }: z.infer<typeof faultSchema>,
  secrets?: readonly string[],
): GatewayWords {
  if (typeof error === 'string' && error.trim() !== '') {
    return { envelope: 'error', ...codeOf(code), ...cleanMessage(error, secrets) };
  }
  if (typeof error === 'object' && error !== null && Object.keys(error).length > 0) {
    return {
      envelope: 'error',
      ...codeOf(error.code),
      ...(error.type ? { type: error.type } : {}),
      ...cleanMessage(error.message ?? error.msg, secrets),
    };
  }
  // The published flat form has a null code: `{code:null,message,param,type:"invalid_request_error"}`.
  const flat = type !== undefined && type.endsWith('_error');
  if (isSuccessCode(code) && !flat) {
    const said = success === false ? message : undefined;
    const text = detail ?? said ?? (code === undefined ? msg : undefined);
    return text === undefined
      ? { envelope: 'none' }
      : { envelope: 'error', ...cleanMessage(text, secrets) };
  }
  return { envelope: 'task', ...codeOf(code), ...cleanMessage(message ?? msg ?? detail, secrets) };
}

/** A text of the gateway, ready to be shown: one level of nested JSON read, markup, request id and secrets taken out. */
export function cleanMessage(
  raw: unknown,
  secrets?: readonly string[],
): Pick<GatewayWords, 'message' | 'innerCode' | 'requestId'> {
  if (raw === undefined || raw === null || raw === '') return {};
  const outer = typeof raw === 'string' ? raw : JSON.stringify(raw);
  const inner = nestedFault(outer);
  const { text, requestId } = cutRequestId(inner?.message ?? outer);
  const message = shorten(redact(withoutMarkup(text), secrets));
  return {
    ...(message === '' ? {} : { message }),
    ...(inner?.code === undefined ? {} : { innerCode: inner.code }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** `code` says that all is well, or nothing at all. The text `"0"` does not: Jimeng sends it with a fault. */
export function isSuccessCode(code: unknown): boolean {
  return (
    code === undefined ||
    code === null ||
    code === '' ||
    code === 0 ||
    code === 200 ||
    code === true ||
    (typeof code === 'string' && /^(success|ok|200)$/i.test(code.trim()))
  );
}

const anyText = z.string().optional().catch(undefined);
const anyCode = z.union([z.string(), z.number(), z.boolean()]).nullish().catch(undefined);
const errorObjectSchema = z.looseObject({
  message: anyText,
  msg: anyText,
  type: anyText,
  code: anyCode,
});
const faultSchema = z.looseObject({
  error: z.union([z.string(), errorObjectSchema]).nullish().catch(undefined),
  code: anyCode,
  type: anyText,
  message: anyText,
  detail: z.unknown().optional(),
  success: z.unknown().optional(),
  msg: anyText,
});

function codeOf(code: unknown): { code?: string } {
  const known = (typeof code === 'string' && code !== '') || typeof code === 'number';
  return known ? { code: String(code) } : {};
}

/** The vendor's body as the gateway quotes it: `{"error":{"message","code"}}` or `{"code","message"}`. */
function nestedFault(text: string): { message?: string; code?: string } | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const parsed = faultSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return undefined;
    const { error, code, message, msg, detail } = parsed.data;
    const object = typeof error === 'object' && error !== null ? error : undefined;
    const words =
      object?.message ?? (typeof error === 'string' ? error : undefined) ?? message ?? msg;
    const found = words ?? (typeof detail === 'string' ? detail : undefined);
    return { ...(found === undefined ? {} : { message: found }), ...codeOf(object?.code ?? code) };
  } catch {
    return undefined;
  }
}

function cutRequestId(text: string): { text: string; requestId?: string } {
  const pattern = /\s*[(（]request id:\s*([^)）]*)[)）]/gi;
  const requestId = pattern.exec(text)?.[1]?.trim();
  return { text: text.replace(pattern, '').trim(), ...(requestId ? { requestId } : {}) };
}

/** An HTML page inside a message is read as its words. */
function withoutMarkup(text: string): string {
  if (!/<(!doctype|html|head|body|title|center|h1|p|div)\b/i.test(text)) return text;
  const words = text.replace(/<(script|style)\b[^]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return words.replace(/\s+/g, ' ').trim();
}
