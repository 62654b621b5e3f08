import { z } from 'zod';
import type { GatewayPrices } from '../../contract/price/gateway-prices.ts';
import type { VideoStorage } from '../video-storage.ts';

/** A few thousand models at about 300 bytes each. */
const maxBytes = 4_000_000;

/**
 * How long a price list is used. Prices change rarely and are announced, so the list is refreshed after an hour. After
 * a week it is discarded, because a spending cap could reserve too little.
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

/** A price list with the time it was read (ISO 8601, UTC). */
export interface DatedPrices {
  readAt: string;
  prices: GatewayPrices;
}

/** The last price list read for a gateway account: one small object that every worker of the account may replace. */
export interface KeptPrices {
  /** Null if no list is stored or the stored one cannot be parsed. The list can be read from the gateway again. */
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
