import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { VideoStorage } from './video-storage.ts';

const maxBytes = 1_024;
/** Without a Retry-After: doubled with each 429 in a row. */
const pause = { firstMs: 10_000, maximumMs: 120_000 };

const heldSchema = z.object({ untilMs: z.number(), inARow: z.number(), heldAtMs: z.number() });

/**
 * The limit that all runs on one key share: when the gateway says 429 to one of them, the others wait as well, on
 * every worker of this storage.
 */
export interface SubmitThrottle {
  /** Until when no submit is to be sent, milliseconds since the epoch; 0 when one may be sent now. */
  heldUntil(): Promise<number>;
  /** The gateway said 429 to a POST sent at `sentAtMs`; those that were sent before the hold began are one burst. */
  hold(limit: { nowMs: number; sentAtMs: number; retryAfterMs?: number }): Promise<void>;
  /** A submit went through. */
  free(): Promise<void>;
}

/** @param key The API key; only a digest of it is stored. */
export function createSubmitThrottle({
  storage,
  gateway,
  key,
}: {
  storage: VideoStorage;
  gateway: string;
  key: string;
}): SubmitThrottle {
  const digest = createHash('sha256').update(`${gateway}\n${key}`).digest('hex').slice(0, 16);
  const object = `limits/${digest}.json`;
  const read = async () => {
    const bytes = await storage.readSmall(object, maxBytes);
    if (!bytes) return null;
    const parsed = heldSchema.safeParse(parseJson(bytes));
    return parsed.success ? parsed.data : null;
  };
  return {
    heldUntil: async () => (await read())?.untilMs ?? 0,
    hold: async ({ nowMs, sentAtMs, retryAfterMs }) => {
      const held = await read();
      if (held && sentAtMs <= held.heldAtMs && retryAfterMs === undefined) return;
      const inARow = (held?.inARow ?? 0) + 1;
      const doubledMs = Math.min(pause.firstMs * 2 ** (inARow - 1), pause.maximumMs);
      const untilMs = nowMs + (retryAfterMs ?? doubledMs);
      await storage.writeSmall(
        object,
        Buffer.from(JSON.stringify({ untilMs, inARow, heldAtMs: nowMs })),
      );
    },
    free: async () => {
      if ((await storage.head(object)) !== null) await storage.remove(object);
    },
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
