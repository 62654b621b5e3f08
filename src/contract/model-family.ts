/** Vendors behind the gateway with known deviations. `other` is everything else, including plugin models. */
export const modelFamilies = [
  'kling',
  'jimeng',
  'vidu',
  'sora',
  'ali',
  'hailuo',
  'doubao',
  'gemini',
  'other',
] as const;
/** One of {@link modelFamilies}. */
export type ModelFamily = (typeof modelFamilies)[number];

/**
 * The family of a model id, by its published prefix, byte for byte. `kling-v1` has a known body. `kling-3.0-turbo-720p`
 * is served by a plugin with other fields, so it is `other`.
 */
export function modelFamily(model: string): ModelFamily {
  return prefixes.find(([prefix]) => model.startsWith(prefix))?.[1] ?? 'other';
}

/** Encoding of an image in a request body: bare Base64, or `data:image/png;base64,…`. */
export type ImageEncoding = 'base64' | 'data-uri';

/**
 * The encoding of a stored image for this model.
 *
 * Kling and Jimeng document bare Base64, and the gateway forwards `image` unchanged. Vidu documents data URIs. Veo
 * accepts PNG and JPEG data URIs (standard page, 2026-09). Doubao and OpenAI-type channels accept `image_url`, whose
 * only inline form is a data URI. None of this has been recorded with a real vendor.
 */
export function imageEncoding(model: string): ImageEncoding {
  const family = modelFamily(model);
  return family === 'kling' || family === 'jimeng' ? 'base64' : 'data-uri';
}

const prefixes: readonly (readonly [string, ModelFamily])[] = [
  ['kling-v', 'kling'],
  ['jimeng_', 'jimeng'],
  ['viduq', 'vidu'],
  ['vidu1', 'vidu'],
  ['vidu2', 'vidu'],
  ['sora-', 'sora'],
  ['wan2.', 'ali'],
  ['MiniMax-Hailuo-', 'hailuo'],
  ['doubao-seedance', 'doubao'],
  ['veo-3.0-generate-', 'gemini'],
  ['veo-3.0-fast-generate-', 'gemini'],
  ['veo-3.1-generate-', 'gemini'],
  ['veo-3.1-fast-generate-', 'gemini'],
];
