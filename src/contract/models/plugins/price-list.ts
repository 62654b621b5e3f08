import type { OnSale, Source } from '../catalog-types.ts';

/** Date of the recorded price list, the source of the prices in the catalogue. */
export const priceListDate = '2026-09-17';

const recorded: Source = {
  at: 'blackdm666/seedance-studio tests/fixtures/video-pricing-2026-09-17.json@91cd20a2',
  on: priceListDate,
  sure: 'documented',
};

/** A model of the recorded list, with its price per second of video. */
export function listed(
  perSecond: number,
  more: { byResolution?: Record<string, number>; dimensions?: string[]; note?: string } = {},
): OnSale {
  const { byResolution, dimensions = ['seconds'], note } = more;
  return {
    price: { perSecond, ...(byResolution && { byResolution }) },
    dimensions,
    ...(note !== undefined && { note }),
    source: recorded,
  };
}

/** A model that the plugin declares, but the recorded list does not have. */
export function unlisted(dimensions: string[], more: { note: string; source: Source }): OnSale {
  return { dimensions, ...more };
}
