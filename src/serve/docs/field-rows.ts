/** What the page reads of a JSON schema, as zod writes it. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  items?: JsonSchema;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
}

/** A field of a schema. */
export interface FieldRow {
  /** Path, e.g. `media.images` or `data[].id`. */
  path: string;
  type: string;
  /** Name of the component that the type is, for a link. */
  component: string | null;
  isRequired: boolean;
  description: string;
}

/** The fields of a schema, nested ones included. */
export function fieldRows(schema: JsonSchema, prefix = ''): FieldRow[] {
  const alternatives = (schema.oneOf ?? []).flatMap((each) => fieldRows(each, prefix));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const inner = innerOf(field);
    const row = {
      path,
      type: typeWords(field),
      component: componentOf(field),
      isRequired: schema.required?.includes(name) ?? false,
      description: field.description ?? '',
    };
    return [row, ...fieldRows(inner.schema, `${path}${inner.isList ? '[]' : ''}.`)];
  });
  return [...alternatives, ...fields];
}

/** The schema without `null` and lists around it. */
function innerOf(schema: JsonSchema): { schema: JsonSchema; isList: boolean } {
  if (schema.items) return { schema: innerOf(schema.items).schema, isList: true };
  const [only, ...others] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null');
  return only && others.length === 0 ? innerOf(only) : { schema, isList: false };
}

function componentOf(schema: JsonSchema): string | null {
  return innerOf(schema).schema.$ref?.split('/').at(-1) ?? null;
}

/** `integer or null`, `list of string`, `"asc", "desc"` */
export function typeWords(schema: JsonSchema): string {
  const { $ref, type, anyOf, items } = schema;
  if ($ref !== undefined) return $ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (anyOf) return anyOf.map(typeWords).join(' or ');
  if (type === 'array') return `list of ${items ? typeWords(items) : 'any'}`;
  return type ?? 'any';
}
