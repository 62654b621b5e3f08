import { isRecord, parseBody } from '../create-request.ts';

/** Refusal of a request by a plugin or its host: HTTP 400, nothing is charged. */
export class PluginRefusal extends Error {
  /** '' before a channel is chosen, otherwise the code of the host. */
  readonly code: '' | 'plugin_request_invalid' | 'plugin_usage_invalid' | 'invalid_callback_url';

  constructor(message: string, code: PluginRefusal['code'] = '') {
    super(message);
    this.code = code;
  }
}

/** Fields of a create body for a plugin, by path, e.g. `metadata.ratio`. */
export interface PluginFields {
  /** The value at a path, undefined if absent, null or empty. The path counts as read. */
  read(path: string): unknown;
  /** The first path with a value, and that value. */
  first(paths: readonly string[]): { path: string; value: unknown } | null;
  /** All paths with a value. */
  all(paths: readonly string[]): { path: string; value: unknown }[];
  /** Paths that were not read. */
  unread(): string[];
}

/**
 * Opens a create body.
 *
 * @param metadataText Whether `metadata` may be a JSON object written as text.
 * @throws {PluginRefusal} `metadata` has another form.
 */
export function openFields(
  body: Record<string, unknown>,
  { metadataText }: { metadataText: boolean },
): PluginFields {
  const metadata = readMetadata(body['metadata'], metadataText);
  const seen = new Set(['model', 'metadata']);
  const at = (path: string): unknown => {
    const value = path.startsWith('metadata.') ? metadata[path.slice(9)] : body[path];
    return value === null || value === '' ? undefined : value;
  };
  const read = (path: string): unknown => {
    seen.add(path);
    return at(path);
  };
  return {
    read,
    first(paths) {
      const path = paths.find((each) => at(each) !== undefined);
      return path === undefined ? null : { path, value: read(path) };
    },
    all: (paths) =>
      paths.map((path) => ({ path, value: read(path) })).filter(({ value }) => value !== undefined),
    unread: () =>
      [...Object.keys(body), ...Object.keys(metadata).map((key) => `metadata.${key}`)].filter(
        (path) => !seen.has(path),
      ),
  };
}

/** Both places of each name, top level first. */
export function topOrMetadata(names: readonly string[]): string[] {
  return [...names, ...names.map((name) => `metadata.${name}`)];
}

/**
 * Reads a whole number, also from a string.
 *
 * @throws {PluginRefusal} It is not a whole number, or `allows` rejects it.
 */
export function wholeNumber(
  found: { path: string; value: unknown },
  { allows, words }: { allows: (value: number) => boolean; words: string },
): number {
  const { path, value } = found;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && allows(number)) return number;
  throw new PluginRefusal(`视频时长 ${path} must be ${words}`);
}

/** @throws {PluginRefusal} The value is not one of the list. */
export function oneOfChoices(
  { path, value }: { path: string; value: unknown },
  values: readonly string[],
): string {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new PluginRefusal(`${path} must be one of ${values.join(', ')}`);
}

/** @throws {PluginRefusal} A value is neither true nor false. */
export function booleanOr(found: { path: string; value: unknown } | null, usual: boolean): boolean {
  if (found === null) return usual;
  if (typeof found.value === 'boolean') return found.value;
  throw new PluginRefusal(`${found.path} must be true or false`);
}

/** The strings of a value that is a string or a list of strings. */
export function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each): each is string => typeof each === 'string' && each !== '');
}

/** @throws {PluginRefusal} There is no prompt. */
export function demandPrompt(prompt: string): void {
  if (prompt.trim() === '') throw new PluginRefusal('prompt is required');
}

function readMetadata(value: unknown, mayBeText: boolean): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  const read =
    mayBeText && typeof value === 'string' ? parseBody(value, 'application/json') : value;
  if (isRecord(read)) return read;
  throw new PluginRefusal('metadata must be a JSON object');
}
