import { z } from 'zod';
import { spendOfferKey } from '../../identity/object-key.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

const maxObjectBytes = 65_536;

const makesSchema = z.object({
  seconds: z.union([z.number(), z.enum(['auto', 'depends'])]).nullable(),
  resolution: z.string().nullable(),
  ratio: z.string().nullable(),
  audio: z.union([z.boolean(), z.literal('depends')]).nullable(),
  media: z.array(z.object({ field: z.string(), role: z.string() })),
});

const pricesSchema = z.object({
  from: z.enum(['GATEWAY_PRICES', 'gateway', 'catalogue']),
  date: z.string().nullable(),
});

const shownSchema = z.object({
  fields: z.string().nullable(),
  areFieldsCut: z.boolean(),
  hosts: z.array(z.string()),
});

const offerSchema = z.object({
  /** SHA-256 of the token, so that whoever reads the storage has no token. */
  tokenHash: z.string(),
  tenant: z.string(),
  digest: z.string(),
  money: z.number().nullable(),
  prices: pricesSchema.nullable(),
  model: z.string(),
  prompt: z.string().nullable(),
  /** The prompt is longer than what is kept. */
  isPromptCut: z.boolean(),
  makes: makesSchema.nullable(),
  /** Older quotes have none. */
  shown: shownSchema.nullable().default(null),
  expiresAt: z.number(),
});

const approvalSchema = z.object({
  by: z.enum(['page', 'terminal']),
  /** Of the API key that was used on the page. */
  keyId: z.string().nullable(),
  approvedAt: z.number(),
});

const useSchema = z.object({
  key: z.string(),
  by: z.enum(['approval', 'standing', 'question']),
  usedAt: z.number(),
});

/** The quote itself, as it is stored. */
export type StoredOffer = z.infer<typeof offerSchema>;

/** A person's word on a quote. */
export type Approval = z.infer<typeof approvalSchema>;

/** The one video of a quote. */
export type OfferUse = z.infer<typeof useSchema>;

const schemas = { quote: offerSchema, approval: approvalSchema, use: useSchema };
type Part = keyof typeof schemas;
type Stored<P extends Part> = z.infer<(typeof schemas)[P]>;

/** The objects about quotes. They are created, never changed. */
export interface OfferObjects {
  /** False if the quote has this part. */
  create<P extends Part>(code: string, part: P, value: Stored<P>): Promise<boolean>;
  /** Null if there is none. @throws {StorageError} It is damaged: then nothing is permitted. */
  read<P extends Part>(code: string, part: P): Promise<Stored<P> | null>;
}

export function createOfferObjects(
  storage: Pick<VideoStorage, 'createSmall' | 'readSmall'>,
): OfferObjects {
  return {
    create: (code, part, value) =>
      storage.createSmall(spendOfferKey(code, part), Buffer.from(`${JSON.stringify(value)}\n`)),
    read: async <P extends Part>(code: string, part: P) => {
      const key = spendOfferKey(code, part);
      const bytes = await storage.readSmall(key, maxObjectBytes);
      if (!bytes) return null;
      try {
        return schemas[part].parse(JSON.parse(Buffer.from(bytes).toString('utf8'))) as Stored<P>;
      } catch (cause) {
        throw new StorageError(`Cannot read "${key}": it is damaged`, { cause });
      }
    },
  };
}
