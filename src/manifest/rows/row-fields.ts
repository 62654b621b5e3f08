import { maxTags } from '../../contract/video-labels.ts';
import { videoFormats, type VideoFormat } from '../../contract/video-request.ts';
import { didYouMean } from './did-you-mean.ts';
import { FieldError, shownCell } from './field-error.ts';
import type { Report } from '../manifest-error.ts';
import {
  mergeMetadata,
  metadataAt,
  metadataObject,
  metadataPathFault,
  overlayMetadata,
  type Metadata,
} from './metadata.ts';
import { unreadable, type RawRow } from '../formats/raw-manifest.ts';
import { outputFileName, listTag, rowKey } from './row-names.ts';
import { filledText, jsonOr, list, tidyText } from './values.ts';

/** The validated values of a row or of its defaults. */
export interface RowFields {
  key?: string;
  model?: string;
  prompt?: string;
  format?: VideoFormat;
  /** `duration` goes into the field that the model reads; `seconds` always goes into the gateway's `seconds`. */
  length?: { field: 'duration' | 'seconds'; seconds: number };
  size?: string;
  ratio?: string;
  resolution?: string;
  audio?: boolean;
  /** Media are paths, URLs or `stored-image:` references. */
  images?: string[];
  firstFrame?: string;
  lastFrame?: string;
  references?: string[];
  referenceVideos?: string[];
  referenceAudios?: string[];
  metadata?: Metadata;
  tags?: string[];
  output?: string;
}

const readers = {
  key: (value) => ({ key: rowKey(tidyText(value)) }),
  model: (value) => ({ model: tidyText(value) }),
  prompt: (value) => ({ prompt: filledText(value) }),
  duration: (value) => ({ length: { field: 'duration', seconds: wholeSeconds(value) } }),
  seconds: (value) => ({ length: { field: 'seconds', seconds: wholeSeconds(value) } }),
  size: (value) => ({ size: tidyText(value) }),
  ratio: (value) => ({ ratio: tidyText(value) }),
  resolution: (value) => ({ resolution: tidyText(value) }),
  audio: (value) => ({ audio: yesOrNo(value) }),
  image: (value) => ({ images: [tidyText(value)] }),
  images: (value) => ({ images: list(value).map(tidyText) }),
  first_frame: (value) => ({ firstFrame: tidyText(value) }),
  last_frame: (value) => ({ lastFrame: tidyText(value) }),
  references: (value) => ({ references: list(value).map(tidyText) }),
  reference_videos: (value) => ({ referenceVideos: list(value).map(tidyText) }),
  reference_audios: (value) => ({ referenceAudios: list(value).map(tidyText) }),
  format: (value) => ({ format: videoFormat(value) }),
  metadata: (value) => ({ metadata: metadataObject(jsonOr(value)) }),
  tags: (value) => ({ tags: tagList(list(value)) }),
  output: (value) => ({ output: outputFileName(tidyText(value)) }),
} satisfies Record<string, (value: unknown) => RowFields>;

type Column = keyof typeof readers;
const columns = Object.keys(readers) as Column[];

/** Reads the values of a row. Invalid values are reported and left out. `null` and empty text count as absent. */
export function readFields({ line, fields }: RawRow, report: Report): RowFields {
  const read: RowFields = {};
  const refuse = (field: string, message: string) => {
    report({ ...(line !== undefined && { line }), field, message });
  };
  for (const [column, value] of Object.entries(fields)) {
    if (value === null || value === '' || value === unreadable) continue;
    try {
      const said = readColumn(column, value);
      const metadata = mergeMetadata(read.metadata, said.metadata);
      Object.assign(read, said, metadata && { metadata });
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      refuse(column, error.message);
    }
  }
  for (const [one, other] of rivals) {
    if (says(fields, one) && says(fields, other))
      refuse(other, `cannot be combined with "${one}": use only one of them`);
  }
  return read;
}

/** Overrides defaults with the values of a row. */
export function overlay(below: RowFields, above: RowFields): RowFields {
  if (!below.metadata || !above.metadata) return { ...below, ...above };
  return { ...below, ...above, metadata: overlayMetadata(below.metadata, above.metadata) };
}

/** True if the column has a value, valid or not. */
export function says(fields: Record<string, unknown>, column: string): boolean {
  const value = fields[column];
  return value !== undefined && value !== null && value !== '';
}

/** True if any media column has a value. */
export function namesMedia(fields: Record<string, unknown>): boolean {
  return columns.some((column) => isMediaColumn(column) && says(fields, column));
}

function isMediaColumn(column: Column): boolean {
  return /^(images?|first_frame|last_frame|references|reference_.*)$/.test(column);
}

const rivals: readonly (readonly [Column, Column])[] = [
  ['duration', 'seconds'],
  ['image', 'images'],
];

function readColumn(column: string, value: unknown): RowFields {
  if (isColumn(column)) return readers[column](value);
  const fault = columnFault(column);
  if (fault !== undefined) throw new FieldError(fault);
  return { metadata: metadataAt(column, value) };
}

/** Returns what is wrong with a column name. Undefined if it is known. */
export function columnFault(column: string): string | undefined {
  if (isColumn(column)) return undefined;
  if (column.startsWith('metadata.')) return metadataPathFault(column);
  const words = [...columns, 'metadata.*'].join(', ');
  return `unknown column${didYouMean(column, columns) || `; known columns are ${words}`}`;
}

/** Finds the column of a header cell. Ignores case and surrounding spaces, but a `metadata.` path is case-sensitive. */
export function knownColumn(written: string): string | undefined {
  const name = written.trim();
  const lower = name.toLowerCase();
  if (isColumn(lower)) return lower;
  return lower.startsWith('metadata.') ? `metadata.${name.slice('metadata.'.length)}` : undefined;
}

function isColumn(name: string): name is Column {
  return Object.hasOwn(readers, name);
}

function tagList(values: readonly unknown[]): string[] {
  const tags = [...new Set(values.map(tidyText).map(listTag))];
  if (tags.length <= maxTags) return tags;
  throw new FieldError(`has ${tags.length} tags, more than ${maxTags}`);
}

function wholeSeconds(value: unknown): number {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds >= 1) return seconds;
  throw new FieldError(`${shownCell(value)} must be whole seconds, e.g. 5`);
}

function yesOrNo(value: unknown): boolean {
  const found = jsonOr(typeof value === 'string' ? value.trim().toLowerCase() : value);
  if (typeof found === 'boolean') return found;
  throw new FieldError(`${shownCell(value)} must be true or false`);
}

function videoFormat(value: unknown): VideoFormat {
  const found = videoFormats.find((name) => name === value);
  if (found) return found;
  throw new FieldError(`${shownCell(value)} must be ${videoFormats.join(' or ')}`);
}
