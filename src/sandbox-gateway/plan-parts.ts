import { isRecord, type CreateRequest } from './create-request.ts';

/** Width and height for a ratio, pixels (`x` or `*` between) or a name such as `720P`. */
export function dimensionsOf(text: string, fallback: string): { width: number; height: number } {
  const pixels = /^(\d{2,5})[x*](\d{2,5})$/.exec(text);
  if (pixels !== null) return { width: Number(pixels[1]), height: Number(pixels[2]) };
  const named = namedSizes[text.toLowerCase()] ?? namedSizes[fallback];
  return named ?? { width: 1280, height: 720 };
}

/** The named keys that a record has. */
export function pick(record: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)));
}

/** The value if it is a string, otherwise ''. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Removes 0, "", false and empty lists at any depth, like Go's `omitempty`. */
export function omitZero(record: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (value === 0 || value === '' || value === false || value === undefined) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    kept[key] = isRecord(value) ? omitZero(value) : value;
  }
  return kept;
}

/** Paths of a request that the gateway's structs do not have. */
export function droppedKeys(request: CreateRequest, metadataKeys: string[]): string[] {
  const top = Object.keys(request.body).filter((key) => !sharedKeys.includes(key));
  const nested = Object.keys(request.metadata).filter((key) => !metadataKeys.includes(key));
  return [...top, ...nested.map((key) => `metadata.${key}`)];
}

const sharedKeys = [
  'model',
  'prompt',
  'image',
  'images',
  'duration',
  'seconds',
  'size',
  'mode',
  'metadata',
  'resolution',
  'ratio',
  'input_reference',
];

const namedSizes: Record<string, { width: number; height: number }> = {
  '16:9': { width: 1280, height: 720 },
  '9:16': { width: 720, height: 1280 },
  '1:1': { width: 1024, height: 1024 },
  '480p': { width: 1280, height: 720 },
  '720p': { width: 1280, height: 720 },
  '768p': { width: 1280, height: 720 },
  '1080p': { width: 1920, height: 1080 },
  '1280p': { width: 1280, height: 720 },
};
