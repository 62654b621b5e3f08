import { isObject } from '../object-in.ts';
import type { TypedFields } from './catalog-types.ts';
import { knownFields } from './known-fields.ts';
import { lengthFields, madeWords, type Seconds } from './read-length.ts';
import {
  change,
  drop,
  entriesOf,
  isGiven,
  oneOf,
  refuse,
  type Note,
  type Reading,
} from './reading.ts';

/** Checks that a required prompt is present, and its length. */
export function readPrompt(reading: Reading, hasMedia: boolean): Note[] {
  const { required, maxChars } = reading.model.prompt;
  const { prompt } = reading.body;
  const input = isObject(reading.metadata['input']) ? reading.metadata['input']['prompt'] : '';
  const text = [prompt, input].find((each) => typeof each === 'string' && each.trim() !== '');
  if (typeof text !== 'string') {
    const content = entriesOf(reading, ['*content', '*media']).some(
      ({ value }) => Array.isArray(value) && value.length > 0,
    );
    if (required === 'never' || content) return [];
    if (required === 'unless media' && hasMedia) return [];
    const more = required === 'always' ? '' : ', or an image';
    return [refuse('prompt', `This model needs a prompt${more}`)];
  }
  const chars = Array.from(text.trim()).length;
  if (maxChars === undefined || chars <= maxChars) return [];
  return [refuse('prompt', `Has ${chars} characters, and at most ${maxChars} are taken`)];
}

/** Whether the video has sound; `null` if unknown. */
export function readAudio(reading: Reading): { audio: boolean | null; notes: Note[] } {
  const { default: made, from = [], refuses } = reading.model.audio;
  const entries = entriesOf(reading, from);
  if (refuses === 'all') {
    const notes = entries.map(({ field }) => refuse(field, 'This model has no switch for sound'));
    return { audio: made, notes };
  }
  const notes = entries
    .filter(({ value }) => typeof value !== 'boolean')
    .map(({ field }) => refuse(field, 'Must be true or false, not a text'));
  const asked = entries.map(({ value }) => value).find((value) => typeof value === 'boolean');
  return { audio: typeof asked === 'boolean' ? asked : made, notes };
}

/** Checks fields with a fixed type, and fields that are refused. */
export function readOtherFields(reading: Reading): Note[] {
  const { plugin, model } = reading;
  const typed = [...(plugin.typed ?? []), ...(model.typed ?? [])].flatMap((rule) =>
    entriesOf(reading, rule.fields).flatMap(({ field, value }) => {
      const fault = typeFault(value, rule);
      if (fault !== undefined) return [refuse(field, fault)];
      return rule.dropped ? [drop(field, 'Is checked and not sent')] : [];
    }),
  );
  const refused = [...(plugin.refuses ?? []), ...(model.refuses ?? [])].flatMap((rule) =>
    entriesOf(reading, rule.fields)
      .filter(({ value }) => rule.except === undefined || Number(value) !== rule.except)
      .filter(({ value }) => !Array.isArray(value) || value.length > 0)
      .map(({ field }) => refuse(field, rule.message)),
  );
  return [...typed, ...refused, ...callbacks(reading)];
}

function typeFault(value: unknown, rule: TypedFields): string | undefined {
  if (rule.type === 'boolean') {
    return typeof value === 'boolean' ? undefined : 'Must be true or false, not a text';
  }
  return rule.type === 'text' ? textFault(value, rule) : numberFault(value, rule);
}

function textFault(value: unknown, { values, max, exact }: TypedFields): string | undefined {
  if (typeof value !== 'string') return 'Must be a text';
  if (max !== undefined && value.length > max) return `At most ${max} characters`;
  const text = exact ? value : value.trim().toLowerCase();
  return values && !values.includes(text) ? `Must be ${oneOf(values)}` : undefined;
}

function numberFault(value: unknown, { type, min, max, digits }: TypedFields): string | undefined {
  const what = type === 'integer' ? 'a JSON integer' : 'a number';
  const isText = typeof value === 'string';
  const reads = type === 'number' ? /^\d+(\.\d+)?$/ : digits ? /^-?\d+$/ : undefined;
  if (typeof value !== 'number' && !(isText && reads?.test(value))) return `Must be ${what}`;
  const number = Number(value);
  if (type === 'integer' && !Number.isSafeInteger(number)) return `Must be ${what}`;
  const isWithin = number >= (min ?? -Infinity) && number <= (max ?? Infinity);
  return isWithin ? undefined : `Must be from ${min} to ${max}`;
}

/** It is in the body of a request that was not started by our client, and of a quote. */
const takenOut = 'Is not sent to the gateway: onetake calls it when the video ends';

function callbacks({ body, metadata, plugin }: Reading): Note[] {
  const { callback } = plugin;
  const notes: Note[] = [];
  if (isGiven(body['callback_url'], plugin)) notes.push(change('callback_url', takenOut));
  if (!isGiven(metadata['callback_url'], plugin)) return notes;
  const field = 'metadata.callback_url';
  if (callback.metadata === 'refused')
    return [...notes, refuse(field, 'Is not taken; poll instead')];
  if (callback.metadata === 'dropped') {
    return [...notes, drop(field, 'Is not read: no callback comes')];
  }
  const message =
    'Is called by the vendor, unsigned and in its own format; onetake does not use it';
  return [...notes, change(field, message)];
}

/** Notes on fields without a rule. A plugin that builds the vendor's body itself drops them; others forward them. */
export function readUnknownFields(reading: Reading, seconds: Seconds): Note[] {
  const { plugin, body, metadata } = reading;
  const known = knownFields(reading);
  const top = plugin.unknown.top === 'dropped' ? Object.keys(body) : [];
  const inner = plugin.unknown.metadata === 'dropped' ? Object.keys(metadata) : [];
  return [...top, ...inner.map((key) => `metadata.${key}`)]
    .filter((field) => !known.has(field))
    .filter((field) => {
      const key = field.replace(/^metadata\./, '');
      return isGiven(field === key ? body[key] : metadata[key], plugin);
    })
    .map((field) => {
      const isLength = lengthFields.includes(field) && seconds !== null;
      return isLength
        ? { ...drop(field, `Is not read: ${madeWords(seconds)}`), about: 'seconds' }
        : drop(field, 'Is not read');
    });
}
