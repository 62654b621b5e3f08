import type { LogLevel, Logger, LogMetadata } from '@temporalio/worker';
import { pino } from 'pino';
import { oneLine } from '../contract/one-line.ts';
import { redact } from '../gateway/faults/redact.ts';

export interface LoggerOptions {
  level: 'debug' | 'info' | 'warn' | 'error';
  format: 'json' | 'pretty';
  /** Secrets that must not be printed, whatever they look like: the key of the gateway. */
  secrets: readonly string[];
  /** Where the lines go. Default: stderr, since stdout is for what a command was asked for. */
  write?: (line: string) => void;
}

/** Our queues are for workflows or for activities on purpose; the SDK warns of the other half at every start. */
const expected = /^No (activities|workflows|Nexus services) registered/;
/** Names whose values are secrets. */
const secretNames = /^(?:api_?key|authorization|password|secret|token|access_?token|cookie)$/i;
/** What customers wrote, or sent; told at level debug only. */
const privateNames = /^(?:prompt|negative_prompt|images?|request|body|args|input)$/i;
const longestText = 2_000;
const deepest = 6;
/** Of a list or an object, so many members. */
const most = 100;

/** Fields of the SDK that say nothing to whoever reads our logs. */
const droppedFields = new Set(['sdkComponent', 'taskToken']);

/**
 * The log of a worker: one JSON object a line, by pino, with ids as fields; Temporal's runtime, workflows and activities
 * write into it. No key, no signature of a link, and no prompt above level debug comes through, whoever logs it.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level, format, secrets, write = (line) => void process.stderr.write(line) } = options;
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: format === 'json' ? write : (line: string) => write(toPretty(line)) },
  );
  const showPrivate = level === 'debug';
  const print = (at: LogLevel, message: string, meta: LogMetadata = {}) => {
    if (expected.test(message)) return;
    const fields = Object.entries(meta).filter(([name]) => !droppedFields.has(name));
    const shown = clean(Object.fromEntries(fields), { secrets, showPrivate, depth: 0 });
    log[pinoLevels[at]](shown, clip(redact(message, secrets)));
  };
  return {
    log: print,
    trace: (message, meta) => print('TRACE', message, meta),
    debug: (message, meta) => print('DEBUG', message, meta),
    info: (message, meta) => print('INFO', message, meta),
    warn: (message, meta) => print('WARN', message, meta),
    error: (message, meta) => print('ERROR', message, meta),
  };
}

const pinoLevels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

interface Cleaning {
  secrets: readonly string[];
  showPrivate: boolean;
  depth: number;
}

/** A copy that may be printed. */
function clean(value: unknown, how: Cleaning): unknown {
  if (typeof value === 'string') return clip(redact(value, how.secrets));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (how.depth === deepest) return '[…]';
  const deeper = { ...how, depth: how.depth + 1 };
  if (value instanceof Error) return cleanError(value, deeper);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, most).map((item) => clean(item, deeper));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, most)
      .filter(([name]) => how.showPrivate || !privateNames.test(name))
      .map(([name, item]) => [name, secretNames.test(name) ? '[key]' : clean(item, deeper)]),
  );
}

function cleanError(error: Error, how: Cleaning): object {
  const { name, message, stack, cause } = error;
  const type = 'type' in error && typeof error.type === 'string' ? { type: error.type } : {};
  return {
    name,
    ...type,
    message: clean(message, how),
    ...(stack !== undefined && { stack: clean(stack, how) }),
    ...(cause !== undefined && { cause: clean(cause, how) }),
  };
}

function clip(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** For people: time, level, message, and the fields in a row. */
function toPretty(line: string): string {
  const { time, level, msg, error, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const because = (error as { message?: string } | undefined)?.message;
  const known = [
    ...(because === undefined ? [] : [because]),
    ...Object.entries(fields).map(([name, value]) => `${name}=${inline(value)}`),
  ];
  const text = [`${String(time)} ${String(level)}: ${String(msg)}`, ...known].join(' · ');
  return `${oneLine(text)}\n`;
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
