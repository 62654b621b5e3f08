/** Options of {@link createRateLimit}. */
export interface RateLimitOptions {
  /** Long-term rate of each id. */
  perSecond: number;
  /** Requests that an idle id may send at once, at least 1. */
  burst: number;
  /** Milliseconds of a clock. Default: `performance.now`, which no clock change affects. */
  now?: () => number;
}

/** Whether a request may run. `retryAfterSeconds` is a whole number for `Retry-After`: then one request may run. */
export type RateDecision = { ok: true } | { ok: false; retryAfterSeconds: number };

/** Requests per second of each id, e.g. of an API key. */
export interface RateLimit {
  /** Counts a request of the id, unless it is refused: a refused request costs nothing. */
  take(id: string): RateDecision;
  /** Ids that are remembered: those that sent more than they have regained. */
  readonly size: number;
}

/** One token, less the rounding errors of refilling in parts. */
const oneToken = 1 - 1e-9;

interface Bucket {
  /** As of `at`. */
  tokens: number;
  at: number;
}

/**
 * A token bucket per id, in the memory of this process: several replicas allow the rate each.
 *
 * The library of this kind, rate-limiter-flexible, counts in fixed windows on a clock of its own, so twice the limit can
 * pass at the border of two windows, and needs a timer per id.
 */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { perSecond, burst, now = () => performance.now() } = options;
  const buckets = new Map<string, Bucket>();
  /** After this time without requests, every bucket is full. */
  const fillMs = (burst / perSecond) * 1_000;
  let sweptAt = now();

  const tokensAt = ({ tokens, at }: Bucket, time: number) =>
    Math.min(burst, tokens + (Math.max(0, time - at) / 1_000) * perSecond);

  /** A full bucket is the same as none, so memory holds only ids of the last `2 × fillMs`. */
  const sweep = (time: number) => {
    if (time - sweptAt < fillMs) return;
    sweptAt = time;
    for (const [id, bucket] of buckets) if (tokensAt(bucket, time) >= burst) buckets.delete(id);
  };

  return {
    take(id) {
      const time = now();
      sweep(time);
      const bucket = buckets.get(id);
      const tokens = bucket ? tokensAt(bucket, time) : burst;
      if (tokens < oneToken) {
        return { ok: false, retryAfterSeconds: Math.ceil((1 - tokens) / perSecond) };
      }
      buckets.set(id, { tokens: Math.max(0, tokens - 1), at: time });
      return { ok: true };
    },
    get size() {
      return buckets.size;
    },
  };
}
