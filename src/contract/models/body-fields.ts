import { isObject } from '../object-in.ts';

export type Fields = Record<string, unknown>;

/** Adds a field; `metadata.ratio` is written into `metadata`. */
export function withField(fields: Fields, path: string, value: unknown): Fields {
  const [place = '', ...inner] = path.split('.');
  if (inner.length === 0) return { ...fields, [place]: value };
  const within = isObject(fields[place]) ? fields[place] : {};
  return { ...fields, [place]: withField(within, inner.join('.'), value) };
}

/** Deep merge. The second value takes precedence. */
export function mergeFields(one: Fields, other: Fields): Fields {
  const merged = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(value) ? mergeFields(before, value) : value;
  }
  return merged;
}

/** Adds the caller's metadata. @throws {RangeError} One of its fields is already set. */
export function addMetadata(fields: Fields, metadata: Fields): Fields {
  const written = isObject(fields['metadata']) ? fields['metadata'] : {};
  const twice = Object.keys(metadata).find((name) => Object.hasOwn(written, name));
  if (twice === undefined) return { ...fields, metadata: { ...metadata, ...written } };
  throw new RangeError(
    `"metadata.${twice}" is also what another field becomes for this model: give only one of them`,
  );
}
