import { z } from 'zod';
import { warningSchema } from './video-schemas.ts';

const date = z.string().describe('YYYY-MM-DD');

const pricesSchema = z
  .strictObject({ from: z.enum(['GATEWAY_PRICES', 'gateway', 'catalogue']), date: date.nullable() })
  .describe('Where the price comes from; the date of its list, if it has one');

const limit = z.int().nullable().describe('Maximum; null if no limit is known');

/** What the catalogue knows about a model. */
const modelFactsSchema = z.strictObject({
  plugins: z
    .array(z.string())
    .describe('Plugins of the gateway that can serve it, the likeliest first'),
  seconds: z.strictObject({
    values: z.array(z.number()),
    from: z.number().nullable(),
    to: z.number().nullable(),
    default: z.union([z.number(), z.literal('auto')]).nullable(),
  }),
  resolution: z.strictObject({ values: z.array(z.string()), default: z.string().nullable() }),
  ratio: z.strictObject({ values: z.array(z.string()), default: z.string().nullable() }),
  media: z.strictObject({ images: limit, videos: limit, audios: limit }),
  price: z
    .array(
      z.strictObject({
        resolution: z.string().nullable().describe('null: the same at every resolution'),
        per_second: z.number().exactOptional(),
        per_video: z.number().exactOptional(),
      }),
    )
    .describe('Empty if no price is known'),
  prices: pricesSchema.nullable(),
});

/** OpenAI's Model object, with the facts of the catalogue. */
export const modelSchema = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.int().describe('Date of the catalogue, in seconds since the epoch'),
  owned_by: z.string().describe('The likeliest plugin of the gateway'),
  onetake: modelFactsSchema,
});

/** OpenAI's list of models. */
export const modelListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(modelSchema),
});

/** What a request would make and cost. */
export const quoteSchema = z.strictObject({
  object: z.literal('quote'),
  model: z.string(),
  format: z.enum(['generations', 'videos']),
  makes: z
    .strictObject({
      seconds: z.union([z.number(), z.enum(['auto', 'depends'])]).nullable(),
      resolution: z.string().nullable(),
      ratio: z.string().nullable(),
      audio: z.union([z.boolean(), z.literal('depends')]).nullable(),
      media: z.array(z.strictObject({ field: z.string(), role: z.string() })),
    })
    .describe('`auto`: the vendor chooses. `depends`: the plugins differ. null: unknown'),
  refusals: z
    .array(z.strictObject({ field: z.string(), message: z.string() }))
    .describe('Not empty: the request would be refused, and nothing would be charged'),
  warnings: z.array(warningSchema),
  cost: z
    .strictObject({
      money: z.number().nullable(),
      seconds: z.number().nullable(),
      prices: pricesSchema.nullable(),
    })
    .describe('The highest possible charge; null if it is unknown or the request is refused'),
});
