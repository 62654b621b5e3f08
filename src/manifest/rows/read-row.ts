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
  /** What the gateway will silently change. */
  warnings: RequestWarning[];
}

/** Without these there is no request. */
export const neededFields = {
  model: 'is missing: name one, e.g. kling-v1',
  prompt: 'is missing: say what to show',
} as const;
export type NeededField = keyof typeof neededFields;

interface Reading {
  defaults: RowFields;
  /** What each row must say itself. */
  needed: readonly NeededField[];
  referToImages: ReferToImages;
  report: Report;
  storeText?: StoreText | undefined;
  sendAnyway?: true | undefined;
  host?: HostGeneration | undefined;
}

/** From what stands in a row to what will be asked for; nothing, when anything was reported. */
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

/** Some models make a video of media alone; the evaluator says which. */
export function hasMedia(fields: RowFields): boolean {
  const names = [...keysOf(mediaColumns), ...keysOf(frameColumns)];
  return names.some((name) => fields[name] !== undefined);
}

/** Whether each picture has a role that the row names. */
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

/** Nothing where the defaults, or all rows, lack what is needed: that was said once for all. */
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

/** Braces may be meant in a prompt, so it is only said. */
function placeholderWarnings(prompt = ''): RequestWarning[] {
  const words = (prompt.match(/\{\{[^{}]*\}\}/g) ?? []).filter((word) => word !== datePlaceholder);
  return words.map((word) => {
    const message = `${shownCell(word)} is no placeholder and is sent as it is; there is only ${datePlaceholder}`;
    return { field: 'prompt', message };
  });
}
