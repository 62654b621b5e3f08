import type { ExchangeOptions, KeyBalance } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';

/** Two reads per 20 min. The limit of 20 is shared by all workers behind one IP address and by the request log. */
const knownForMs = 10 * 60_000;
const timeoutMs = 5_000;

/** Distinguishes a used-up key from a wrong one: the gateway rejects both with the same response. */
export interface UsedUpKey {
  /** Returns the error itself, or one of kind `quota` instead of `auth` if the key has no balance left. */
  explain(error: unknown, options: Pick<ExchangeOptions, 'signal'>): Promise<unknown>;
}

/** @param readBalance Also works for a used-up key. */
export function createUsedUpKey(
  readBalance: (options: ExchangeOptions) => Promise<KeyBalance>,
  now: () => number = Date.now,
): UsedUpKey {
  let known: { isUsedUp: Promise<boolean>; untilMs: number } | undefined;
  const isUsedUp = (options: Pick<ExchangeOptions, 'signal'>) => {
    if (!known || known.untilMs <= now()) {
      const answer = readBalance({ ...options, timeoutMs }).then(
        ({ available }) => available !== null && available <= 0,
        () => false,
      );
      known = { isUsedUp: answer, untilMs: now() + knownForMs };
    }
    return known.isUsedUp;
  };
  return {
    explain: async (error, options) => {
      if (!(error instanceof GatewayError) || error.kind !== 'auth') return error;
      return (await isUsedUp(options)) ? asUsedUp(error) : error;
    },
  };
}

function asUsedUp(error: GatewayError): GatewayError {
  const { message, billed, submitOutcome, httpStatus, gatewayCode, gatewayMessage } = error;
  return new GatewayError(
    'quota',
    `${message}; the key has no balance left: top up and re-enable the key`,
    {
      billed,
      submitOutcome,
      httpStatus,
      gatewayCode,
      gatewayMessage,
      requestId: error.requestId,
      pause: error.pause,
      cause: error,
    },
  );
}
