import type { FailureKind } from '../../contract/failure.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

export interface AddressAttempt<T> {
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
 * that the next attempt requests them.
 *
 * @throws {GatewayError} A temporary error if an address gave one, because the next attempt may succeed; otherwise the
 *   most specific error. A blocked address is named in any case.
 */
export async function tryAddresses<T>({ ask, fetch, signal }: AddressAttempt<T>): Promise<T> {
  const errors: GatewayError[] = [];
  const tried = new Set<string>();
  const tryOnce = async (): Promise<{ found: T } | null> => {
    for (const url of await ask()) {
      if (tried.has(url)) continue;
      tried.add(url);
      try {
        return { found: await fetch(url) };
      } catch (error) {
        if (signal.aborted || !(error instanceof GatewayError)) throw error;
        errors.push(error);
      }
    }
    return null;
  };
  const first = await tryOnce();
  const own = errors.at(-1);
  const second = first ?? (errors.some(hasExpired) ? await tryOnce() : null);
  if (second) return second.found;
  const candidates = errors.map((error) => (error === own ? error : withoutVerdict(error)));
  const error = errorToReport(candidates);
  if (!error) throw new GatewayError('result_missing', 'The job has no address to fetch');
  throw naming(
    candidates.find(({ kind }) => kind === 'blocked_url'),
    error,
  );
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

function hasExpired({ httpStatus }: GatewayError): boolean {
  return httpStatus !== undefined && expiredStatuses.has(httpStatus);
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
