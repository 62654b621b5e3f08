import { z } from 'zod';
import type { GatewayPrices } from '../../contract/price/gateway-prices.ts';
import type { VideoStorage } from '../video-storage.ts';

/** A few thousand models, of some 300 bytes each. */
const maxBytes = 4_000_000;

/**
 * How long a list counts: prices move by announcement, not by the minute, so it is read again after an hour; after a
 * week they are no longer a promise, and a cap would reserve what may be too little.
 */
export const keptFor = { freshMs: 60 * 60_000, heldMs: 7 * 24 * 60 * 60_000 };

const value = z.union([z.string(), z.number(), z.boolean()]);
const tariffSchema = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('expression'),
    expression: z.string(),
    dimensions: z.record(z.string(), z.array(value)),
  }),
  z.object({ mode: z.literal('per_video'), money: z.number() }),
  z.object({ mode: z.literal('per_second'), money: z.number() }),
  z.object({ mode: z.literal('unknown'), billingMode: z.string() }),
]);
const keptSchema = z.object({
  readAt: z.iso.datetime(),
  prices: z.object({
    groupRatios: z.record(z.string(), z.number()),
    models: z.array(
      z.object({ model: z.string(), groups: z.array(z.string()), tariff: tariffSchema }),
    ),
  }),
});

/** A price list, and when it was read, in ISO 8601, UTC. */
export interface DatedPrices {
  readAt: string;
  prices: GatewayPrices;
}

/** The price list as a gateway account last saw it: one small object, which every worker of the account may replace. */
export interface KeptPrices {
  /** Null where none was kept, and where what lies there cannot be read: it can be asked for again. */
  load(admissionId: string): Promise<DatedPrices | null>;
  keep(admissionId: string, dated: DatedPrices): Promise<void>;
}

export function createKeptPrices({
  storage,
}: {
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>;
}): KeptPrices {
  return {
    load: async (admissionId) => {
      const bytes = await storage.readSmall(keyOf(admissionId), maxBytes);
      return bytes && readKept(Buffer.from(bytes).toString('utf8'));
    },
    keep: (admissionId, dated) =>
      storage.writeSmall(keyOf(admissionId), Buffer.from(`${JSON.stringify(dated)}\n`)),
  };
}

function readKept(text: string): DatedPrices | null {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The id of an admission is `admission/` and a digest of the account. */
function keyOf(admissionId: string): string {
  return `${admissionId.replace(/^admission\//, 'prices/')}.json`;
}
