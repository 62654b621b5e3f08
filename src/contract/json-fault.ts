/** Deeper nesting would overflow the stack of recursive functions. */
const maxDepth = 100;

/** A value that JSON would change. */
export interface JsonFault {
  /** Field names, from the root. */
  path: string[];
  message: string;
}

/**
 * Finds values that JSON or its readers would change without an error: integers beyond 2^53, which are rounded;
 * infinities, which become `null`; lone surrogates and NUL, which other systems replace.
 */
export function jsonFault(value: unknown, path: string[] = []): JsonFault | undefined {
  const message = faultOfOne(value, path.length);
  if (message !== undefined) return { path, message };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const fault = isSound(name)
      ? jsonFault(inner, [...path, name])
      : { path, message: 'has a name with a NUL or a lone surrogate' };
    if (fault) return fault;
  }
  return undefined;
}

function faultOfOne(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    return isSound(value) ? undefined : 'contains a NUL or a lone surrogate';
  }
  if (typeof value === 'bigint' || (typeof value === 'number' && !isKept(value))) {
    return 'is a number that JSON cannot represent exactly: send it as text';
  }
  return depth > maxDepth ? `has more than ${maxDepth} levels` : undefined;
}

function isKept(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function isSound(text: string): boolean {
  return !/\0|\p{Cs}/u.test(text);
}
