import type { FailureKind } from '../../contract/failure.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

export interface AddressAttempt<T> {
  /** Addresses from a moment ago, tried before any are requested. */
  known?: readonly string[] | undefined;
  /** Returns fresh addresses, best first, the gateway's own last. */
  ask: () => Promise<string[]>;
  /** @throws {GatewayError} when this address does not give the video; any other error ends the attempt. */
  fetch: (url: string) => Promise<T>;
  signal: AbortSignal;
}

/** Statuses of an expired address; 400 is the gateway's own "not completed". */
const expiredStatuses = new Set([400, 401, 403, 404, 410]);

/**
 * Tries addresses in order until one gives the video. If one has expired, fresh addresses are requested once; after
 * that the next attempt requests them. If no known address gives the video, for whatever reason, fresh addresses are
 * requested: the job may no longer count as succeeded.
 *
 * @throws {GatewayError} A temporary error if an address gave one, because the next attempt may succeed; otherwise the
 *   most specific error. A blocked address is named in any case.
 */
export async function tryAddresses<T>(attempt: AddressAttempt<T>): Promise<T> {
  const { known = [], ask } = attempt;
  const errors = new Map<string, GatewayError>();
  const early = await tryInOrder(attempt, known, errors);
  if (early) return early.found;
  const asked = await ask();
  const first = await tryInOrder(attempt, asked, errors);
  if (first) return first.found;
  const own = errors.get(asked.at(-1) ?? '');
  if (asked.some((url) => !known.includes(url) && hasExpired(errors.get(url)))) {
    const second = await tryInOrder(attempt, await ask(), errors);
    if (second) return second.found;
  }
  const candidates = [...errors.values()].map((error) =>
    error === own ? error : withoutVerdict(error),
  );
  const error = errorToReport(candidates);
  if (!error) throw new GatewayError('result_missing', 'The job has no address to fetch');
  throw naming(
    candidates.find(({ kind }) => kind === 'blocked_url'),
    error,
  );
}

/** Skips what was tried before, and adds what fails to `errors`. */
async function tryInOrder<T>(
  { fetch, signal }: Pick<AddressAttempt<T>, 'fetch' | 'signal'>,
  urls: readonly string[],
  errors: Map<string, GatewayError>,
): Promise<{ found: T } | null> {
  for (const url of urls) {
    if (errors.has(url)) continue;
    try {
      return { found: await fetch(url) };
    } catch (error) {
      if (signal.aborted || !(error instanceof GatewayError)) throw error;
      errors.set(url, error);
    }
  }
  return null;
}

/** Only the gateway's own address can say that the video is gone for good. */
function withoutVerdict(error: GatewayError): GatewayError {
  if (error.kind !== 'result_expired') return error;
  const { httpStatus, gatewayCode, gatewayMessage, requestId } = error;
  const details = { httpStatus, gatewayCode, gatewayMessage, requestId, cause: error };
  return new GatewayError('result_missing', error.message, details);
}

/** Users can do something about a blocked address, so the error always names it. */
function naming(blocked: GatewayError | undefined, error: GatewayError): GatewayError {
  if (!blocked || blocked === error) return error;
  const { kind, message, billed, httpStatus, gatewayCode, gatewayMessage } = error;
  const { requestId, retryAfterMs } = error;
  const details = { billed, httpStatus, gatewayCode, gatewayMessage, requestId, retryAfterMs };
  return new GatewayError(kind, `${message}. Another address was refused: ${blocked.message}`, {
    ...details,
    cause: error,
  });
}

function hasExpired(error: GatewayError | undefined): boolean {
  return error?.httpStatus !== undefined && expiredStatuses.has(error.httpStatus);
}

/** The most specific kind comes first: a truncated file says more than a missing address. */
const kindsBySpecificity: FailureKind[] = [
  'too_large',
  'truncated',
  'result_expired',
  'not_video',
  'result_missing',
  'blocked_url',
];

/** A temporary error, else the most specific one. */
function errorToReport(errors: GatewayError[]): GatewayError | undefined {
  const kinds = errors.map(({ kind }) => kind);
  const temporary = kinds.findIndex(
    (kind) => kind === 'gateway_unavailable' || kind === 'rate_limited',
  );
  if (temporary >= 0) return errors[temporary];
  const kind = kindsBySpecificity.find((candidate) => kinds.includes(candidate));
  return kind ? errors[kinds.indexOf(kind)] : errors[0];
}
