import type { PriceBook, PriceSource } from '../price/price-book.ts';
import type { LengthRules, ModelRules, ResolutionRules } from './catalog-types.ts';
import { candidatesOf } from './catalog.ts';

/** What catalogue and prices say about one model. */
export interface ModelFacts {
  id: string;
  /** Whether the gateway lists it for the API key; null without a list. */
  listed: boolean | null;
  /** Plugins that can serve the name, the likeliest first. The other fields describe that one. */
  plugins: string[];
  /** `values`, or a range. `default` is `auto` if the vendor chooses, null if unknown. */
  seconds: { values: number[]; from: number | null; to: number | null; default: LengthDefault };
  resolution: { values: string[]; default: string | null };
  ratio: { values: string[]; default: string | null };
  /** Maximum of each; null if no limit is known. */
  media: { images: number | null; videos: number | null; audios: number | null };
  /** By resolution if the price depends on it; empty if no price is known. */
  price: ShownPrice[];
  prices: PriceSource | null;
}

type LengthDefault = LengthRules['default'];

/** A price at one resolution; null if it is the same at each. */
export interface ShownPrice {
  resolution: string | null;
  perSecond?: number;
  perVideo?: number;
}

/** Undefined if the catalogue lacks the name. */
export function modelFacts(
  id: string,
  { book, listed }: { book: PriceBook; listed: boolean | null },
): ModelFacts | undefined {
  const candidates = candidatesOf(id);
  const [likeliest] = candidates;
  if (!likeliest) return undefined;
  const { length, resolution, ratio } = likeliest.model;
  const resolutions = resolutionsOf(resolution);
  const price = pricesOf(id, { resolutions, book });
  return {
    id,
    listed,
    plugins: candidates.map(({ plugin }) => plugin.plugin),
    seconds: {
      values: [...(length.values ?? [])],
      from: length.min ?? null,
      to: length.max ?? null,
      default: length.default,
    },
    resolution: { values: resolutions, default: resolution.fixed ?? resolution.default },
    ratio: { values: [...(ratio.values ?? [])], default: ratio.default },
    media: mediaOf(likeliest.model),
    price,
    prices: price.length === 0 ? null : book.sourceOf(id),
  };
}

function resolutionsOf({ fixed, values, default: preferred }: ResolutionRules): string[] {
  if (fixed !== undefined) return [fixed];
  return values ? [...values] : preferred === null ? [] : [preferred];
}

/** If the limit depends on the task, the highest limit of all tasks. */
function mediaOf({ media: { images, references, videos, audios }, tasks }: ModelRules) {
  const limits = Object.values(tasks?.rules ?? {});
  const most = (rules: typeof images, ofTasks: readonly number[] = []) =>
    ofTasks.length > 0 ? Math.max(...ofTasks) : rules ? (rules.uses ?? rules.max ?? null) : 0;
  return {
    images: most(
      references ?? images,
      limits.map((each) => each.images[1]),
    ),
    videos: most(
      videos,
      limits.map((each) => each.videos[1]),
    ),
    audios: most(audios),
  };
}

function pricesOf(
  model: string,
  { resolutions, book: { priceOf } }: { resolutions: readonly string[]; book: PriceBook },
): ShownPrice[] {
  const prices = resolutions.flatMap((resolution) => {
    const [one, two] = [1, 2].map((seconds) => priceOf({ model, seconds, resolution }));
    if (one === undefined || two === undefined) return [];
    const price = one === two ? { perVideo: one } : { perSecond: rounded(two - one) };
    return [{ resolution, ...price }];
  });
  const [first, ...others] = prices;
  if (!first) return [];
  const isSame = others.every(
    ({ perSecond, perVideo }) => perSecond === first.perSecond && perVideo === first.perVideo,
  );
  return isSame ? [{ ...first, resolution: null }] : prices;
}

/** Without the noise of binary fractions. */
function rounded(money: number): number {
  return Math.round(money * 1e7) / 1e7;
}
