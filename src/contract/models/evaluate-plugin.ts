import type { Candidate } from './catalog.ts';
import { readAudio, readOtherFields, readPrompt, readUnknownFields } from './read-fields.ts';
import { readLength, type LengthFound, type Seconds } from './read-length.ts';
import { readMedia, type MediaFound, type Medium } from './read-media.ts';
import { readRatio } from './read-ratio.ts';
import { readResolution } from './read-resolution.ts';
import { readSize } from './read-size.ts';
import {
  change,
  type Dimension,
  entriesOf,
  metadataOf,
  type Note,
  type Reading,
} from './reading.ts';

/** The result of one plugin for a request. */
export interface PluginFinding {
  plugin: string;
  makes: {
    seconds: Seconds;
    resolution: string | null;
    ratio: string | null;
    audio: boolean | null;
    media: Medium[];
  };
  /** The given field that determines each of them. */
  decidedBy: Partial<Record<Dimension, string>>;
  /** Maximum of charged seconds, if known. */
  charged?: number;
  refused: Note[];
  notes: Note[];
}

export function evaluatePlugin(
  body: Record<string, unknown>,
  { plugin, model }: Candidate,
): PluginFinding {
  const { metadata, notes: form } = metadataOf(body, plugin);
  const reading: Reading = { plugin, model, body, metadata };
  const media = readMedia(reading);
  const { limits } = media;
  const length = withMedia(readLength(reading, limits), { reading, media });
  const size = readSize(reading);
  const resolution = readResolution(reading, { size, limits });
  const shape = { size, media, resolution: resolution.resolution, limits };
  const ratio = readRatio(reading, shape);
  const audio = readAudio(reading);
  const notes = [
    ...form,
    ...length.notes,
    ...size.notes,
    ...resolution.notes,
    ...ratio.notes,
    ...media.notes,
    ...readPrompt(reading, media.media.length > 0),
    ...audio.notes,
    ...readOtherFields(reading),
    ...readUnknownFields(reading, length.seconds),
  ];
  const { charged } = length;
  return {
    plugin: plugin.plugin,
    makes: {
      seconds: length.seconds,
      resolution: resolution.resolution,
      ratio: ratio.ratio,
      audio: audio.audio,
      media: media.media,
    },
    decidedBy: decidingFields(reading, media),
    ...(charged !== undefined && { charged }),
    refused: notes.filter(({ effect }) => effect === 'refused'),
    notes: notes.filter(({ effect }) => effect !== 'refused'),
  };
}

/** With some media, the vendor chooses the length and ignores the request. */
function withMedia(
  length: LengthFound,
  { reading, media }: { reading: Reading; media: MediaFound },
): LengthFound {
  const condition = reading.model.when?.find(
    ({ autoLength, has, unless }) =>
      autoLength &&
      media.has(has) &&
      !entriesOf(reading, unless?.fields ?? []).some(({ value }) => value !== unless?.otherThan),
  );
  if (!condition?.autoLength || length.seconds === 'auto') return length;
  const { message } = condition.autoLength;
  const notes = [...length.notes, change('duration', message, 'seconds')];
  const most = reading.model.length.auto?.charged;
  return { seconds: 'auto', ...(most !== undefined && { charged: most }), notes };
}

function decidingFields(reading: Reading, { media }: MediaFound): PluginFinding['decidedBy'] {
  const { length, resolution, ratio, audio } = reading.model;
  const [seconds] = entriesOf(reading, length.from);
  const [tier] = entriesOf(reading, resolution.from);
  const [shape] = entriesOf(reading, ratio.from);
  const [sound] = entriesOf(reading, audio.from ?? []);
  const [medium] = media;
  return {
    ...(seconds && { seconds: seconds.field }),
    ...(tier && { resolution: tier.field }),
    ...(shape && { ratio: shape.field }),
    ...(sound && { audio: sound.field }),
    ...(medium && { media: medium.field.replace(/\[\d+\]$/, '') }),
  };
}
