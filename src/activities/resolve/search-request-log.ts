import type { Gateway, RequestLogRow } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

const timeoutMs = 20_000;

/**
 * The gateway allows 20 calls in 20 minutes per client address, and requests for the balance of the API key count as
 * well. This budget uses at most 16; the rest is for other workers and for `onetake doctor`.
 */
const budget = { calls: 6, refillMs: 120_000 };
/** A log that was read within this time is not read again: it would hardly have new rows. */
const freshMs = 5_000;
/** Used when the gateway gives no time: the default of a limiter of this kind. */
const limitedMs = 20 * 60_000;

/** The submit to look for. */
export interface LookedForRequest {
  requestId: string;
  /** When the answer of the submit arrived, milliseconds since the epoch. Older readings cannot contain it. */
  answeredAtMs: number;
}

export type RequestRows =
  | { rows: RequestLogRow[] }
  /** The log was not read this time. */
  | { unread: string; againInMs?: number };

export interface RequestLog {
  read(request: LookedForRequest, signal: AbortSignal): Promise<RequestRows>;
}

/**
 * The gateway's request log, shared by all videos of this worker. With an access token it is read per request;
 * otherwise with the API key, where lookups at about the same time share one reading and one budget of calls.
 */
export function createRequestLog({
  gateway,
  now = Date.now,
}: {
  gateway: Gateway;
  now?: () => number;
}): RequestLog {
  const keyLog = createKeyLog({ gateway, now });
  return {
    read: async (request, signal) => {
      if (!gateway.canSearch) return keyLog(request, signal);
      try {
        return { rows: await gateway.findRequest(request.requestId, { timeoutMs, signal }) };
      } catch (error) {
        // A rejected access token does not prevent reading with the API key.
        if (error instanceof GatewayError && error.kind === 'auth') return keyLog(request, signal);
        return unreadAfter(error);
      }
    },
  };
}

function createKeyLog({ gateway, now }: { gateway: Gateway; now: () => number }) {
  const calls = createBudget(now);
  let latest: { startedAtMs: number; rows: Promise<RequestLogRow[]> } | undefined;
  const isFresh = ({ answeredAtMs }: LookedForRequest): boolean =>
    latest !== undefined &&
    latest.startedAtMs > answeredAtMs &&
    now() - latest.startedAtMs < freshMs;
  return async (request: LookedForRequest, signal: AbortSignal): Promise<RequestRows> => {
    if (!latest || !isFresh(request)) {
      const waitMs = calls.take();
      if (waitMs > 0) return { unread: 'the allowed calls are used up', againInMs: waitMs };
      // Without the signal of this lookup, because others wait for the same reading.
      latest = { startedAtMs: now(), rows: gateway.readKeyLog({ timeoutMs }) };
    }
    try {
      const rows = await latest.rows;
      signal.throwIfAborted();
      return { rows };
    } catch (error) {
      if (!(error instanceof GatewayError) || error.kind !== 'rate_limited') {
        return unreadAfter(error);
      }
      calls.hold(error.retryAfterMs ?? limitedMs);
      return { ...unreadAfter(error), againInMs: calls.waitMs() };
    }
  };
}

/** Token bucket for calls. */
function createBudget(now: () => number) {
  let left: number = budget.calls;
  let filledAtMs = now();
  let heldUntilMs = 0;
  const fill = (): void => {
    const more = Math.floor((now() - filledAtMs) / budget.refillMs);
    left = Math.min(budget.calls, left + more);
    filledAtMs += more * budget.refillMs;
  };
  const waitMs = (): number => {
    fill();
    const refillMs = left > 0 ? 0 : filledAtMs + budget.refillMs - now();
    return Math.max(0, heldUntilMs - now(), refillMs);
  };
  return {
    waitMs,
    /** Takes a call and returns 0, or returns the time until the next one in milliseconds. */
    take: (): number => {
      const wait = waitMs();
      if (wait === 0) left -= 1;
      return wait;
    },
    hold: (forMs: number): void => {
      heldUntilMs = Math.max(heldUntilMs, now() + forMs);
    },
  };
}

function unreadAfter(error: unknown): { unread: string } {
  if (error instanceof GatewayError) return { unread: error.message };
  throw error;
}
