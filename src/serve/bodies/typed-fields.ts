import { isObject } from '../../contract/object-in.ts';
import { fieldTypes, type FieldType, type TypeOf } from './field-types.ts';
import type { FormValue } from './form-fields.ts';
import { parseStrictJson } from './parse-json.ts';

/**
 * Gives the texts of a form the types that they have in JSON, so that a form and the equal JSON body are the same
 * request. A text that is not exactly a value of its type stays a text.
 *
 * @throws {ApiError} 400 if JSON within a field is ambiguous.
 */
export function typedFields(fields: { [name: string]: FormValue }): Record<string, unknown> {
  const { model, metadata } = fields;
  const typeOf = fieldTypes(typeof model === 'string' ? model : '');
  const { metadata: typed, ...others } = typedObject(fields, '', typeOf);
  if (metadata === undefined) return others;
  return { ...others, metadata: typeof metadata === 'string' ? parsedObject(metadata) : typed };
}

/** Metadata is an object, which curl users write as JSON text. */
function parsedObject(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text;
  const parsed = parseStrictJson(text);
  return isObject(parsed) ? parsed : text;
}

function typedObject(
  fields: { [name: string]: FormValue },
  within: string,
  typeOf: TypeOf,
): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typedValue(value, within + name, typeOf),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function typedValue(value: FormValue, path: string, typeOf: TypeOf): unknown {
  if (typeof value === 'string') {
    const type = typeOf(path);
    return type === 'list' ? listOf(value) : typedText(value, type);
  }
  if (Array.isArray(value)) return value.map((inner) => typedEntry(inner, path, typeOf));
  return typedObject(value, `${path}.`, typeOf);
}

function typedEntry(value: FormValue, path: string, typeOf: TypeOf): unknown {
  return typeof value === 'string'
    ? typedText(value, typeOf(path))
    : typedValue(value, path, typeOf);
}

/** One text, or the JSON of a list. */
function listOf(text: string): unknown {
  return text.trimStart().startsWith('[') ? parseStrictJson(text) : [text];
}

function typedText(text: string, type: FieldType): unknown {
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  if (type !== 'number' || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return text;
  const number = Number(text);
  const isKept = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isKept ? number : text;
}
