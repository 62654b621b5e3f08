import type { LogLevel, Logger, LogMetadata } from '@temporalio/worker';
import { pino } from 'pino';
import { oneLine } from '../contract/one-line.ts';
import { redact } from '../gateway/faults/redact.ts';

export interface LoggerOptions {
  level: 'debug' | 'info' | 'warn' | 'error';
  format: 'json' | 'pretty';
  /** Values that must not be logged, such as the gateway's API key. */
  secrets: readonly string[];
  /** Writes a line. Default: stderr, because stdout is for the result of a command. */
  write?: (line: string) => void;
}

/** Each of our queues is for workflows or activities only, which the SDK warns about at every start. */
const expected = /^No (activities|workflows|Nexus services) registered/;
/** Names of fields with secret values. */
const secretNames = /^(?:api_?key|authorization|password|secret|token|access_?token|cookie)$/i;
/** Fields with content of customers, logged at level debug only. */
const privateNames = /^(?:prompt|negative_prompt|images?|request|body|args|input)$/i;
const longestText = 2_000;
const deepest = 6;
/** Most members of a list or an object that are logged. */
const most = 100;

/** Fields of the SDK that our logs leave out. */
const droppedFields = new Set(['sdkComponent', 'taskToken']);

/**
 * The log of a worker: one JSON object per line (pino), with ids as fields. Temporal's runtime, workflows and
 * activities write to it. Keys and signatures of links are removed, and prompts appear at level debug only.
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

/** A copy without secrets. */
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

/** For people: time, level, message and fields on one line. */
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
