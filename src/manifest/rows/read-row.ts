import type { BatchRow } from '../../contract/batch.ts';
import { evaluateRequest, type HostGeneration } from '../../contract/models/evaluate-request.ts';
import type { MediaKind, RequestWarning, VideoRequest } from '../../contract/video-request.ts';
import { datePlaceholder } from './expand-date.ts';
import type { StoreText } from '../../identity/stored-data-uris.ts';
import { FieldError, shownCell } from './field-error.ts';
import type { ReferToImages } from './image-references.ts';
import type { Report } from '../manifest-error.ts';
import type { RawManifest } from '../formats/raw-manifest.ts';
import { overlay, readFields, says, type RowFields } from './row-fields.ts';
import { defaultKey } from './row-names.ts';
import { rowRequest } from './row-request.ts';

export interface ParsedRow {
  row: BatchRow;
  /** What the gateway will change without an error. */
  warnings: RequestWarning[];
}

/** Required fields of a request. */
export const neededFields = {
  model: 'is missing: name one, e.g. kling-v1',
  prompt: 'is missing: say what to show',
} as const;
export type NeededField = keyof typeof neededFields;

interface Reading {
  defaults: RowFields;
  /** Required fields that the defaults do not set. */
  needed: readonly NeededField[];
  referToImages: ReferToImages;
  report: Report;
  storeText?: StoreText | undefined;
  sendAnyway?: true | undefined;
  host?: HostGeneration | undefined;
}

/** Converts a raw row to a batch row. Undefined if any problem was reported. */
export async function readRow(
  raw: RawManifest['rows'][number],
  { defaults, needed, referToImages, report, storeText, sendAnyway, host }: Reading,
): Promise<ParsedRow | undefined> {
  const { line } = raw;
  let sound = true;
  const refuse: Report = (problem) => {
    sound = false;
    report({ line, ...problem });
  };
  const fields = overlay(defaults, readFields(raw, refuse));
  for (const field of needed) {
    const isLeft = field === 'prompt' && hasMedia(fields);
    if (!isLeft && !says(raw.fields, field)) refuse({ field, message: neededFields[field] });
  }
  const media = await referToMedia(fields, { referToImages, refuse });
  if (!sound) return undefined;
  const request = await readRequest({ ...fields, ...media }, { refuse, storeText, host });
  if (!request) return undefined;
  const { refusals, warnings } = evaluateRequest(request, {
    sendAnyway,
    host,
    rolesNamed: namesRoles(fields),
  });
  refusals.forEach(refuse);
  if (!sound) return undefined;
  const { key = defaultKey(request), tags = [], output } = fields;
  return {
    row: { key, line, request, tags, ...(output !== undefined && { output }) },
    warnings: [...warnings, ...placeholderWarnings(request.body.prompt)],
  };
}

const mediaColumns = {
  images: 'image',
  references: 'references',
  referenceVideos: 'reference_videos',
  referenceAudios: 'reference_audios',
} as const;
const kinds = {
  images: 'image',
  references: 'image',
  referenceVideos: 'video',
  referenceAudios: 'audio',
} as const satisfies Record<keyof typeof mediaColumns, MediaKind>;
const frameColumns = { firstFrame: 'first_frame', lastFrame: 'last_frame' } as const;

/** True if a row has media. Some models need no prompt then; the evaluator decides which. */
export function hasMedia(fields: RowFields): boolean {
  const names = [...keysOf(mediaColumns), ...keysOf(frameColumns)];
  return names.some((name) => fields[name] !== undefined);
}

/** True if each image of the row has an explicit role. */
function namesRoles({ images, firstFrame, lastFrame, references }: RowFields): boolean {
  return images === undefined && (firstFrame ?? lastFrame ?? references) !== undefined;
}

async function referToMedia(
  fields: RowFields,
  { referToImages, refuse }: { referToImages: ReferToImages; refuse: Report },
): Promise<RowFields> {
  const found: RowFields = {};
  const referTo = async (field: string, values: readonly string[], kind: MediaKind) => {
    try {
      return await referToImages(values, kind);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      refuse({ field, message: error.message });
      return [];
    }
  };
  for (const name of keysOf(mediaColumns)) {
    const values = fields[name];
    if (values) found[name] = await referTo(mediaColumns[name], values, kinds[name]);
  }
  for (const name of keysOf(frameColumns)) {
    const value = fields[name];
    const [reference] =
      value === undefined ? [] : await referTo(frameColumns[name], [value], 'image');
    if (reference !== undefined) found[name] = reference;
  }
  return found;
}

function keysOf<Key extends string>(columns: Readonly<Record<Key, string>>): Key[] {
  return Object.keys(columns) as Key[];
}

/** Undefined without an error if the defaults or all rows lack a required field, which is reported only once. */
async function readRequest(
  { model, ...fields }: RowFields,
  { refuse, ...writing }: { refuse: Report } & Pick<Reading, 'storeText' | 'host'>,
): Promise<VideoRequest | undefined> {
  if (model === undefined || (fields.prompt === undefined && !hasMedia(fields))) return undefined;
  try {
    return await rowRequest({ ...fields, model }, writing);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    refuse({ message: error.message });
    return undefined;
  }
}

/** A prompt may contain braces on purpose, so an unknown placeholder is only a warning. */
function placeholderWarnings(prompt = ''): RequestWarning[] {
  const words = (prompt.match(/\{\{[^{}]*\}\}/g) ?? []).filter((word) => word !== datePlaceholder);
  return words.map((word) => {
    const message = `${shownCell(word)} is not a placeholder and is sent unchanged; the only one is ${datePlaceholder}`;
    return { field: 'prompt', message };
  });
}
