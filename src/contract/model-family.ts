/** The vendors behind the gateway whose traps are known; `other` is everything else, the plugin models among them. */
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
export type ModelFamily = (typeof modelFamilies)[number];

/**
 * The family of a model id, by the published prefixes, byte for byte: `kling-v1` has a known body, while
 * `kling-3.0-turbo-720p` runs on a plugin with other fields and so counts as `other`.
 */
export function modelFamily(model: string): ModelFamily {
  return prefixes.find(([prefix]) => model.startsWith(prefix))?.[1] ?? 'other';
}

/** How an image goes into a request body: bare Base64, or `data:image/png;base64,…`. */
export type ImageEncoding = 'base64' | 'data-uri';

/**
 * How a stored image is written for this model.
 *
 * Kling and Jimeng take bare Base64: their own interfaces document it, and the gateway hands `image` on as it is. Vidu
 * documents data URIs, Veo reads PNG and JPEG data URIs (standard page, 2026-09), Doubao and OpenAI-type channels take
 * `image_url` values, where a data URI is the only inline form. None of this was recorded with a real vendor.
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
