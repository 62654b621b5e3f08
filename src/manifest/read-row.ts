import type { BatchRow } from '../contract/batch.ts';
import { evaluateRequest, type HostGeneration } from '../contract/models/evaluate-request.ts';
import type { RequestWarning, VideoRequest } from '../contract/video-request.ts';
import { datePlaceholder } from './expand-date.ts';
import { FieldError, shown } from './field-error.ts';
import type { ReferToImages } from './image-references.ts';
import type { Report } from './manifest-error.ts';
import type { RawManifest } from './raw-manifest.ts';
import { overlay, readFields, says, type RowFields } from './row-fields.ts';
import { defaultKey } from './row-names.ts';
import { rowRequest } from './row-request.ts';

export interface ReadRow {
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
  sendAnyway?: true | undefined;
  host?: HostGeneration | undefined;
}

/** From what stands in a row to what will be asked for; nothing, when anything was reported. */
export async function readRow(
  raw: RawManifest['rows'][number],
  { defaults, needed, referToImages, report, sendAnyway, host }: Reading,
): Promise<ReadRow | undefined> {
  const { line } = raw;
  let sound = true;
  const refuse: Report = (problem) => {
    sound = false;
    report({ line, ...problem });
  };
  const fields = overlay(defaults, readFields(raw, refuse));
  for (const field of needed) {
    if (!says(raw.fields, field)) refuse({ field, message: neededFields[field] });
  }
  const images = await referTo(fields.images ?? [], { referToImages, refuse });
  if (!sound) return undefined;
  const request = readRequest({ ...fields, images }, refuse);
  if (!request) return undefined;
  const { refusals, warnings } = evaluateRequest(request, { sendAnyway, host });
  refusals.forEach(refuse);
  if (!sound) return undefined;
  const { key = defaultKey(request), tags = [], output } = fields;
  return {
    row: { key, line, request, tags, ...(output !== undefined && { output }) },
    warnings: [...warnings, ...placeholderWarnings(request.body.prompt)],
  };
}

async function referTo(
  images: readonly string[],
  { referToImages, refuse }: { referToImages: ReferToImages; refuse: Report },
): Promise<string[]> {
  try {
    return await referToImages(images);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    refuse({ field: 'image', message: error.message });
    return [];
  }
}

/** Nothing where the defaults, or all rows, lack what is needed: that was said once for all. */
function readRequest(
  { model, prompt, ...fields }: RowFields,
  refuse: Report,
): VideoRequest | undefined {
  if (model === undefined || prompt === undefined) return undefined;
  try {
    return rowRequest({ ...fields, model, prompt });
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
    const message = `${shown(word)} is no placeholder and is sent as it is; there is only ${datePlaceholder}`;
    return { field: 'prompt', message };
  });
}
