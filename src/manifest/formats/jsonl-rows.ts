import { shownCell } from '../rows/field-error.ts';
import { maxManifestRows } from '../limits.ts';
import type { Report } from '../manifest-error.ts';
import type { RawManifest } from './raw-manifest.ts';

/** Reads the rows of a JSONL text: one object per line. The first may be `{"defaults": {…}}`. Skips empty lines. */
export function jsonlRows(text: string, report: Report): RawManifest {
  if (/^\s*\[/.test(text)) {
    report({ line: 1, message: 'it is one JSON list: write one object per line, without commas' });
    return { defaults: [], rows: [] };
  }
  const objects = jsonObjects(text, report);
  const [first] = objects;
  const given = first && Object.keys(first.fields).join() === 'defaults' ? first : undefined;
  const rows = given ? objects.slice(1) : objects;
  const defaults = given?.fields['defaults'];
  if (given && !isObject(defaults)) {
    report({
      line: given.line,
      field: 'defaults',
      message: `must be an object, not ${shownCell(defaults)}`,
    });
  }
  return {
    defaults: given && isObject(defaults) ? [{ line: given.line, fields: defaults }] : [],
    rows,
  };
}

function jsonObjects(text: string, report: Report): RawManifest['rows'] {
  const objects: RawManifest['rows'] = [];
  let read = 0;
  for (const [index, source] of text.split('\n').entries()) {
    if (source.trim() === '') continue;
    // One row over the limit is enough to reject the manifest; the defaults are one more line.
    if (read > maxManifestRows + 1) break;
    read += 1;
    const line = index + 1;
    const value = parseJson(source, (message) => report({ line, message }));
    if (value === undefined) continue;
    if (isObject(value)) objects.push({ line, fields: value });
    else report({ line, message: `a row must be a JSON object, not ${shownCell(value)}` });
  }
  return objects;
}

function parseJson(source: string, refuse: (message: string) => void): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    refuse(`it is not JSON (${(cause as Error).message}): write a whole object on one line`);
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
