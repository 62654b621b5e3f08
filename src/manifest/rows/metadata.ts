import { FieldError, shownCell } from './field-error.ts';
import { maxDepth } from '../limits.ts';
import { soundText } from './values.ts';

export type Metadata = Record<string, unknown>;

/** @throws {FieldError} */
export function metadataObject(value: unknown): Metadata {
  if (!isObject(value)) throw new FieldError(`${shownCell(value)} must be a JSON object`);
  checkJson(value, maxDepth);
  return value;
}

/** Converts column `metadata.a.b` to `{ a: { b: value } }`. @throws {FieldError} */
export function metadataAt(column: string, value: unknown): Metadata {
  return metadataObject(pathOf(column).reduceRight((inner, name) => ({ [name]: inner }), value));
}

/** Returns what is wrong with the name of a `metadata.…` column. Undefined if it is valid. */
export function metadataPathFault(column: string): string | undefined {
  const path = pathOf(column);
  if (path.includes('')) return 'has an empty name between its dots';
  return path.length > maxDepth ? `has more than ${maxDepth} levels` : undefined;
}

function pathOf(column: string): string[] {
  return column.split('.').slice(1);
}

/** Merges the metadata of two columns of one row. @throws {FieldError} Both set the same field. */
export function mergeMetadata(one: Metadata | undefined, other: Metadata | undefined) {
  return one && other ? merge({ one, other, both: refuseBoth }) : other;
}

/** Overrides default metadata with that of a row, field by field. */
export function overlayMetadata(below: Metadata, above: Metadata): Metadata {
  return merge({ one: below, other: above, both: (_, value) => value });
}

interface Merge {
  one: Metadata;
  other: Metadata;
  both: (name: string, value: unknown) => unknown;
}

function merge({ one, other, both }: Merge): Metadata {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const entries = [...names].map((name): [string, unknown] => {
    if (!Object.hasOwn(one, name)) return [name, other[name]];
    if (!Object.hasOwn(other, name)) return [name, one[name]];
    const [below, above] = [one[name], other[name]];
    const objects = isObject(below) && isObject(above);
    return [name, objects ? merge({ one: below, other: above, both }) : both(name, above)];
  });
  return Object.fromEntries(entries);
}

function refuseBoth(name: string): never {
  throw new FieldError(`${shownCell(name)} is already set in another column`);
}

/** YAML has values that JSON lacks: dates, bytes, infinity. */
function checkJson(value: unknown, depth: number): void {
  if (depth === 0) throw new FieldError(`has more than ${maxDepth} levels`);
  if (Array.isArray(value)) for (const item of value) checkJson(item, depth - 1);
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      soundText(name);
      checkJson(inner, depth - 1);
    }
  } else if (typeof value === 'string') soundText(value);
  else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new FieldError(`${shownCell(value)} is too large for an exact number: put it in quotes`);
  } else if (value !== null && typeof value !== 'boolean' && !Number.isFinite(value)) {
    throw new FieldError(`${shownCell(value)} cannot be written as JSON: put it in quotes`);
  }
}

function isObject(value: unknown): value is Metadata {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
