import { z } from 'zod';
import { beginningOf, redact, shorten } from './redact.ts';

/** What the gateway said about a fault, out of any of its envelopes. */
export interface GatewayWords {
  /** `task` = `{code,message,data}`, `error` = `{error:{…}}`, `none` = no fault was named. */
  envelope: 'task' | 'error' | 'none';
  /** The body says `success: false`, as the routes of the dashboard do with HTTP 200. */
  refused?: true;
  /** As sent, cut where it is no code any more; a number as text; absent when missing, null or empty. */
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
    return { envelope: 'error', ...codeOf(code, secrets), ...cleanMessage(error, secrets) };
  }
  if (typeof error === 'object' && error !== null && Object.keys(error).length > 0) {
    return {
      envelope: 'error',
      ...codeOf(error.code, secrets),
      ...(error.type ? { type: shorten(error.type, maxCodeLength) } : {}),
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
  return {
    envelope: 'task',
    ...codeOf(code, secrets),
    ...cleanMessage(message ?? msg ?? detail, secrets),
  };
}

/**
 * A text of the gateway, ready to be shown: one level of nested JSON read; markup, request id, secrets and characters that
 * steer a terminal taken out. Of a long text only the beginning is read.
 */
export function cleanMessage(
  raw: unknown,
  secrets?: readonly string[],
): Pick<GatewayWords, 'message' | 'innerCode' | 'requestId'> {
  if (raw === undefined || raw === null || raw === '') return {};
  const outer = typeof raw === 'string' ? raw : JSON.stringify(pruned(raw, secrets));
  const inner = nestedFault(outer, secrets);
  const { text, requestId } = cutRequestId(inner?.message ?? outer, secrets);
  const message = shorten(redact(withoutMarkup(text), secrets).replace(steering, ' '));
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

/** Control characters but for line feeds and tabs: an escape sequence does not belong in a terminal of ours. */
// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

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

/** Longer than any code; of a longer one the rest says nothing. */
const maxCodeLength = 200;

function codeOf(code: unknown, secrets?: readonly string[]): { code?: string } {
  if (typeof code === 'number') return { code: String(code) };
  if (typeof code !== 'string' || code === '') return {};
  return { code: shorten(redact(code, secrets), maxCodeLength) };
}

/** Of a value that is no text: so many levels, and so many members of each. */
const maxDepth = 5;
const maxMembers = 20;

/** As much of a value as somebody reads: no more is made a text, however much there is. */
function pruned(value: unknown, secrets?: readonly string[], depth = maxDepth): unknown {
  if (typeof value === 'string') return beginningOf(value, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  const inner = (member: unknown) => pruned(member, secrets, depth - 1);
  if (Array.isArray(value)) return value.slice(0, maxMembers).map(inner);
  const members: [string, unknown][] = [];
  for (const name in value) {
    if (members.length === maxMembers) break;
    members.push([beginningOf(name, secrets), inner((value as Record<string, unknown>)[name])]);
  }
  return Object.fromEntries(members);
}

/** A larger text is no fault of a vendor, but a file. */
const maxNestedLength = 64 * 1024;

/** The vendor's body as the gateway quotes it: `{"error":{"message","code"}}` or `{"code","message"}`. */
function nestedFault(
  text: string,
  secrets?: readonly string[],
): { message?: string; code?: string } | undefined {
  if (text.length > maxNestedLength || !text.trimStart().startsWith('{')) return undefined;
  try {
    const parsed = faultSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return undefined;
    const { error, code, message, msg, detail } = parsed.data;
    const object = typeof error === 'object' && error !== null ? error : undefined;
    const words =
      object?.message ?? (typeof error === 'string' ? error : undefined) ?? message ?? msg;
    const found = words ?? (typeof detail === 'string' ? detail : undefined);
    return {
      ...(found === undefined ? {} : { message: found }),
      ...codeOf(object?.code ?? code, secrets),
    };
  } catch {
    return undefined;
  }
}

const requestIdPattern = /\s?[(（]request id:([^()（）]{0,200})[)）]/gi;
/** The gateway writes the id behind its words, however long they are. */
const requestIdEnding = 256;

function cutRequestId(
  whole: string,
  secrets?: readonly string[],
): { text: string; requestId?: string } {
  const text = beginningOf(whole, secrets);
  const places = [text, whole.slice(-requestIdEnding)];
  const [requestId] = places
    .flatMap((place) => [...place.matchAll(requestIdPattern)])
    .map(([, id = '']) => redact(id.trim(), secrets));
  return { text: text.replace(requestIdPattern, '').trim(), ...(requestId ? { requestId } : {}) };
}

/** An HTML page inside a message is read as its words. Of a beginning only: an open script is looked for to its end. */
function withoutMarkup(beginning: string): string {
  if (!/<(!doctype|html|head|body|title|center|h1|p|div)\b/i.test(beginning)) return beginning;
  const words = beginning.replace(/<(script|style)\b[^]*?<\/\1>/gi, ' ').replace(/<[^<>]*>/g, ' ');
  return words.replace(/\s+/g, ' ').trim();
}
