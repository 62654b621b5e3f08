import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cutText } from '../../contract/cut-text.ts';
import type { VideoStorage } from '../video-storage.ts';

const maxBytes = 4_096;
const maxReasonBytes = 300;
/** Pause after a 429 without Retry-After. Doubled with each consecutive 429. */
const pause = { firstMs: 10_000, maximumMs: 120_000 };

const heldSchema = z.object({
  untilMs: z.number(),
  inARow: z.number(),
  heldAtMs: z.number(),
  reason: z.string().exactOptional(),
});

/** What a limit applies to: all submits of the API key, or only those of one model. */
export type LimitScope = 'key' | 'model';

export interface Hold {
  scope: LimitScope;
  /** Milliseconds since the epoch. */
  untilMs: number;
  /** The gateway's message from the 429. */
  reason?: string;
}

/**
 * Rate limits shared by all runs on one API key: after a 429, every run on every worker of this storage waits. A
 * vendor's limit applies only to its model.
 */
export interface SubmitThrottle {
  /** The longest hold that applies to a submit of this model. Null if none was ever set. It may have expired. */
  holdOn(model: string): Promise<Hold | null>;
  /** Records a 429 to a POST sent at `sentAtMs`. POSTs sent before the current hold began count as one burst. */
  hold(limit: {
    scope: LimitScope;
    model: string;
    nowMs: number;
    sentAtMs: number;
    retryAfterMs?: number;
    /** The gateway's message. */
    reason?: string;
  }): Promise<void>;
  /** Records a successful submit of this model. */
  free(model: string): Promise<void>;
}

/** @param key The API key. Only its digest is stored. */
export function createSubmitThrottle({
  storage,
  gateway,
  key,
}: {
  storage: VideoStorage;
  gateway: string;
  key: string;
}): SubmitThrottle {
  const digest = digestOf(`${gateway}\n${key}`);
  const objectOf: Record<LimitScope, (model: string) => string> = {
    key: () => `limits/${digest}.json`,
    model: (model) => `limits/${digest}/${digestOf(model)}.json`,
  };
  const read = (scope: LimitScope, model: string) => readHeld(storage, objectOf[scope](model));
  return {
    holdOn: async (model) => {
      const holds = await Promise.all(
        limitScopes.map(async (scope) => {
          const held = await read(scope, model);
          if (!held) return [];
          const { untilMs, reason } = held;
          return [{ scope, untilMs, ...(reason !== undefined && { reason }) }];
        }),
      );
      return holds.flat().toSorted((one, other) => other.untilMs - one.untilMs)[0] ?? null;
    },
    hold: async ({ scope, model, nowMs, sentAtMs, retryAfterMs, reason }) => {
      const held = await read(scope, model);
      if (held && sentAtMs <= held.heldAtMs && retryAfterMs === undefined) return;
      const inARow = (held?.inARow ?? 0) + 1;
      const doubledMs = Math.min(pause.firstMs * 2 ** (inARow - 1), pause.maximumMs);
      const untilMs = nowMs + (retryAfterMs ?? doubledMs);
      const said =
        reason === undefined ? {} : { reason: cutText(reason, { bytes: maxReasonBytes }) };
      const text = JSON.stringify({ untilMs, inARow, heldAtMs: nowMs, ...said });
      await storage.writeSmall(objectOf[scope](model), Buffer.from(text));
    },
    free: async (model) => {
      for (const scope of limitScopes) {
        const object = objectOf[scope](model);
        if ((await storage.head(object)) !== null) await storage.remove(object);
      }
    },
  };
}

const limitScopes: readonly LimitScope[] = ['key', 'model'];

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function readHeld(
  storage: VideoStorage,
  object: string,
): Promise<z.infer<typeof heldSchema> | null> {
  const bytes = await storage.readSmall(object, maxBytes);
  if (!bytes) return null;
  const parsed = heldSchema.safeParse(parseJson(bytes));
  return parsed.success ? parsed.data : null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
