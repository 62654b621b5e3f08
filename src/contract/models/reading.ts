import { isObject, parseJson } from '../object-in.ts';
import type { ModelRules, PluginRules } from './catalog-types.ts';
import type { FieldPath } from './media-types.ts';

/** A request, with the rules of one plugin. */
export interface Reading {
  plugin: PluginRules;
  model: ModelRules;
  body: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface Entry {
  field: string;
  value: unknown;
}

/** A property of the video. */
export type Dimension = 'seconds' | 'resolution' | 'ratio' | 'audio' | 'media';

/** A field that a plugin refuses, drops or changes. */
export interface Note {
  field: string;
  effect: 'refused' | 'changed' | 'dropped' | 'depends';
  message: string;
  about?: Dimension;
}

export function refuse(field: string, message: string): Note {
  return { field, effect: 'refused', message };
}

export function drop(field: string, message: string): Note {
  return { field, effect: 'dropped', message };
}

export function change(field: string, message: string, about?: Dimension): Note {
  return { field, effect: 'changed', message, ...(about && { about }) };
}

/** The given fields, in order of precedence. */
export function entriesOf(reading: Reading, paths: readonly FieldPath[]): Entry[] {
  return placesOf(paths, reading.plugin).flatMap((field) => {
    const value = valueAt(reading, field);
    return isGiven(value, reading.plugin) ? [{ field, value }] : [];
  });
}

/** Expands `*ratio` into `ratio` and `metadata.ratio`, in order of precedence. */
export function placesOf(paths: readonly FieldPath[], { first }: PluginRules): string[] {
  return paths.flatMap((path) => {
    if (!path.startsWith('*')) return [path];
    const places = [path.slice(1), `metadata.${path.slice(1)}`];
    return first === 'metadata' ? places.toReversed() : places;
  });
}

/** The given texts, trimmed. Other values are left out, with a note on what the plugin does with them. */
export function textEntries(
  { plugin }: Reading,
  entries: readonly Entry[],
): { texts: { field: string; text: string }[]; notes: Note[] } {
  const texts: { field: string; text: string }[] = [];
  const notes: Note[] = [];
  for (const { field, value } of entries) {
    if (typeof value === 'string') texts.push({ field, text: value.trim() });
    else if (plugin.nonText === 'refused') notes.push(refuse(field, 'Must be a text'));
    else notes.push(drop(field, 'Is not read: it must be a text'));
  }
  return { texts, notes };
}

/** The metadata as the plugin reads it, with notes on its form. */
export function metadataOf(
  { metadata: given }: Record<string, unknown>,
  plugin: PluginRules,
): { metadata: Record<string, unknown>; notes: Note[] } {
  if (!isGiven(given, plugin)) return { metadata: {}, notes: [] };
  if (isObject(given)) return { metadata: given, notes: [] };
  const parsed = typeof given === 'string' ? parseJson(given) : undefined;
  if (!isObject(parsed)) {
    const note = plugin.metadata.other === 'refused' ? refuse : drop;
    return { metadata: {}, notes: [note('metadata', 'Is no JSON object')] };
  }
  if (plugin.metadata.text === 'read') return { metadata: parsed, notes: [] };
  const message = 'Must be an object: as text it is not read';
  const note = plugin.metadata.text === 'refused' ? refuse : drop;
  return { metadata: {}, notes: [note('metadata', message)] };
}

export function isGiven(value: unknown, { blankIsValue }: PluginRules): boolean {
  if (value === undefined) return false;
  return blankIsValue === true || (value !== null && value !== '');
}

function valueAt({ body, metadata }: Reading, field: string): unknown {
  const [place = '', ...keys] = field.split('.');
  if (place !== 'metadata') return body[place];
  let found: unknown = metadata;
  for (const key of keys) found = isObject(found) ? found[key] : undefined;
  return found;
}

/** `480p, 720p or 1080p` */
export function oneOf(values: readonly (string | number)[]): string {
  const [last = '', ...others] = values.toReversed();
  return others.length === 0 ? String(last) : `${others.toReversed().join(', ')} or ${last}`;
}

/** A value for a message, truncated if long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
