import { z } from 'zod';
import { beginningOf, redact, shorten } from './redact.ts';

/** The gateway's error details, from any of its envelopes. */
export interface GatewayWords {
  /** `task` = `{code,message,data}`, `error` = `{error:{…}}`, `none` = no error in the body. */
  envelope: 'task' | 'error' | 'none';
  /** The body has `success: false`, which dashboard routes send with HTTP 200. */
  refused?: true;
  /** As sent, cut to a maximum length. A number as text. Absent if missing, null or empty. */
  code?: string;
  type?: string;
  /** Cleaned: without request id, markup and secrets, at most 500 characters. */
  message?: string;
  /** The vendor's code, if `message` contains JSON. */
  innerCode?: string;
  requestId?: string;
}

/**
 * Reads the error from a response: `error.message` → `error` as text → `message` with a non-success code →
 * `detail` / `msg`.
 *
 * @param secrets Redacted from all texts.
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
 * Prepares a text of the gateway for display: reads one level of nested JSON; removes markup, request id, secrets and
 * terminal control characters. Reads only the beginning of a long text.
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

/** True if `code` means success or is absent. The text `"0"` does not count: Jimeng sends it with an error. */
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

/** Control characters except line feed and tab, to keep escape sequences out of terminals. */
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

/** Longer than any known code. */
const maxCodeLength = 200;

function codeOf(code: unknown, secrets?: readonly string[]): { code?: string } {
  if (typeof code === 'number') return { code: String(code) };
  if (typeof code !== 'string' || code === '') return {};
  return { code: shorten(redact(code, secrets), maxCodeLength) };
}

/** For a value that is not text: the maximum number of levels, and of members per level. */
const maxDepth = 5;
const maxMembers = 20;

/** Limits a value before it is converted to text. */
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

/** A larger text is a file, not a vendor's error. */
const maxNestedLength = 64 * 1024;

/** A vendor's body quoted by the gateway: `{"error":{"message","code"}}` or `{"code","message"}`. */
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
/** The gateway appends the request id to its message, so the end of a long message must be searched. */
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

/** Reduces an HTML page in a message to its text. Only for short texts: an open `<script>` is scanned to the end. */
function withoutMarkup(beginning: string): string {
  if (!/<(!doctype|html|head|body|title|center|h1|p|div)\b/i.test(beginning)) return beginning;
  const words = beginning.replace(/<(script|style)\b[^]*?<\/\1>/gi, ' ').replace(/<[^<>]*>/g, ' ');
  return words.replace(/\s+/g, ' ').trim();
}
