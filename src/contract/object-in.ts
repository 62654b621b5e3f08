/** Reads an object, or an object as JSON text. Anything else gives an empty object. */
export function objectIn(value: unknown): Record<string, unknown> {
  const found = typeof value === 'string' ? parseJson(value) : value;
  return isObject(found) ? found : {};
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
