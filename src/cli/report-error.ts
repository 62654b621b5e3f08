import { CommanderError } from 'commander';
import type { VideoFailure } from '../contract/failure.ts';
import { oneLine } from '../contract/one-line.ts';
import { UsageError, type CliContext } from './context.ts';
import type { Exit } from './exit-codes.ts';
import { failureLines } from './video/report-video.ts';

/** Prints the error in one line, with `--debug` also its stack. Returns the exit. */
export function reportError(error: unknown, { output, debug }: CliContext): Exit {
  const { exit, kind, message, failure } = explainError(error);
  const trace = debug && error instanceof Error ? [withCauses(error)] : [];
  output.badResult(
    (colors) => [
      `${colors.red('error:')} ${message}`,
      ...(failure ? failureLines(failure, colors) : []),
      ...trace,
    ],
    { outcome: 'error', error: { kind, message }, ...(failure && { failure }) },
  );
  return exit;
}

export interface ExplainedError {
  exit: Exit;
  kind: string;
  /** One line. */
  message: string;
  failure?: VideoFailure;
}

/** Decides by class and kind, never by message. */
export function explainError(error: unknown): ExplainedError {
  if (error instanceof CommanderError) {
    const text = oneLine(error.message.replace(/^error: /, ''));
    const message = text.charAt(0).toUpperCase() + text.slice(1);
    return { exit: 'badInput', kind: 'usage', message: `${message}; see \`onetake --help\`` };
  }
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const name = error instanceof Error ? error.name : '';
  if (error instanceof UsageError) return { exit: 'badInput', kind: 'invalid_request', message };
  if (name === 'VideoClientError') return explainClientError(error as ClientError, message);
  const known = byName[name];
  if (known) return { ...known, message };
  const refused = explainGrpc(error);
  if (refused) return refused;
  if (name === 'ServiceError' || name === 'TransportError') {
    return { exit: 'unreachable', kind: 'temporal_unavailable', message: lost(message) };
  }
  const advice = 'run again with --debug for a stack trace';
  return { exit: 'failed', kind: 'unexpected', message: `Unexpected: ${message}; ${advice}` };
}

/** The shape of VideoClientError. Importing the class would load the whole client for `--help`. */
interface ClientError extends Error {
  kind: string;
  failure?: VideoFailure;
}

const clientExits: Record<string, Exit> = {
  may_be_billed: 'failed',
  temporal_unavailable: 'unreachable',
  no_answer: 'unreachable',
  not_stored: 'failed',
  file_gone: 'failed',
  damaged: 'failed',
};

function explainClientError({ kind, failure }: ClientError, message: string): ExplainedError {
  const exit = clientExits[kind] ?? 'badInput';
  return { exit, kind, message, ...(failure && { failure }) };
}

/** Errors of modules that are loaded on demand, by name. */
const byName: Readonly<Record<string, Pick<ExplainedError, 'exit' | 'kind'>>> = {
  ConfigError: { exit: 'badInput', kind: 'configuration' },
  StorageError: { exit: 'badInput', kind: 'storage_unavailable' },
  OtherStorage: { exit: 'badInput', kind: 'configuration' },
  SearchAttributesMissing: { exit: 'badInput', kind: 'configuration' },
  CopyFailed: { exit: 'failed', kind: 'copy_failed' },
  GatewayError: { exit: 'failed', kind: 'gateway' },
};

/** gRPC statuses that mean a wrong setting, where a retry does not help. */
const refusals: Readonly<Record<number, string>> = {
  5: 'check TEMPORAL_NAMESPACE',
  7: 'check TEMPORAL_API_KEY and TEMPORAL_NAMESPACE',
  16: 'check TEMPORAL_API_KEY',
};

/** The SDK throws a gRPC error itself, as the cause of its own error, or as NamespaceNotFoundError. */
function explainGrpc(error: unknown): ExplainedError | null {
  if (!(error instanceof Error)) return null;
  const source = 'details' in error ? error : error.cause;
  const status = error.name === 'NamespaceNotFoundError' ? 5 : numberOf(source, 'code');
  const details = source instanceof Error && 'details' in source ? String(source.details) : '';
  const said = oneLine(details === '' ? error.message : details).replace(/\.$/, '');
  const advice = status === undefined ? undefined : refusals[status];
  if (advice !== undefined) {
    const message = `Temporal refused the request: ${said}; ${advice}`;
    return { exit: 'badInput', kind: 'configuration', message };
  }
  if (status === undefined || details === '') return null;
  return { exit: 'unreachable', kind: 'temporal_unavailable', message: lost(said) };
}

function lost(reason: string): string {
  return `Temporal stopped responding: ${reason}; started videos continue`;
}

function numberOf(source: unknown, field: string): number | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  const value = (source as Record<string, unknown>)[field];
  return typeof value === 'number' ? value : undefined;
}

function withCauses(error: Error): string {
  const { cause } = error;
  const stack = error.stack ?? String(error);
  return cause instanceof Error ? `${stack}\nCaused by: ${withCauses(cause)}` : stack;
}
