import type { ExchangeOptions, KeyBalance } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';

/** Two reads of 20 in 20 min, which all workers behind one address and the request log share. */
const knownForMs = 10 * 60_000;
const timeoutMs = 5_000;

/** Tells a key that is used up from a wrong one: the gateway refuses both with the same bytes. */
export interface UsedUpKey {
  /** The error itself, or kind `quota` in place of `auth` where the key has nothing left. */
  explain(error: unknown, options: Pick<ExchangeOptions, 'signal'>): Promise<unknown>;
}

/** @param readBalance Answers for a used-up key, too. */
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
    `${message}; the key has nothing left: top up and re-enable the key`,
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
