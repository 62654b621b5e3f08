import type { VideoFormat } from '../video-request.ts';
import { candidatesOf, type Candidate } from './catalog.ts';
import type { ModelRules } from './catalog-types.ts';
import type { FieldPath } from './media-types.ts';
import { withField, type Fields } from './body-fields.ts';
import { placesOf } from './reading.ts';
import type { HostGeneration } from './evaluate-request.ts';
import { withoutPixels } from './exact-size.ts';
import { writeMedia, type GivenMedia } from './write-media.ts';

/** Properties of a video, independent of the model. */
export interface Wishes extends GivenMedia {
  seconds?: number;
  size?: string;
  ratio?: string;
  resolution?: string;
  audio?: boolean;
}

interface Target {
  model: string;
  format: VideoFormat;
  /** Default `plugins`. */
  host?: HostGeneration | undefined;
}

/**
 * Writes the properties into the fields that this model reads: those that the most of its plugins read with the same
 * result. A model that is not in the catalogue gets the most common fields.
 *
 * @throws {RangeError} The model has no field for a property, or reads fewer images than given.
 */
export function writeWishes(target: Target, given: Wishes): Fields {
  const all = candidatesOf(target.model);
  const serving = target.host === 'classic' ? all.filter(({ plugin }) => plugin.builtIn) : all;
  const wishes = withoutPixels(target, serving, given);
  const scalars: readonly (readonly [string, unknown] | undefined)[] = [
    wishes.seconds === undefined ? undefined : lengthField(serving, wishes.seconds),
    wishes.size === undefined ? undefined : ['size', wishes.size],
    wishes.ratio === undefined ? undefined : ratioField(target, serving, wishes.ratio),
    wishes.resolution === undefined
      ? undefined
      : resolutionField(target, serving, wishes.resolution),
    wishes.audio === undefined ? undefined : audioField(target, serving, wishes.audio),
  ];
  const fields = scalars.reduce<Fields>(
    (body, entry) => (entry ? withField(body, ...entry) : body),
    {},
  );
  return writeMedia(target, { serving, given: wishes, fields });
}

/** All gateways, including those without plugins, read `seconds` as text. All other fields require an integer. */
function lengthField(serving: readonly Candidate[], seconds: number): readonly [string, unknown] {
  const field = bestField(serving, ({ length }) => length.from, ['duration', 'seconds']);
  return field === 'seconds' ? [field, String(seconds)] : [field ?? 'duration', seconds];
}

const ratioFields = ['ratio', 'metadata.ratio', 'aspect_ratio', 'metadata.aspect_ratio'];

function ratioField(
  { model }: Target,
  serving: readonly Candidate[],
  ratio: string,
): readonly [string, unknown] {
  const field = bestField(serving, (rules) => rules.ratio.from, ratioFields);
  if (serving.length === 0) return ['ratio', ratio];
  const sizes = serving.flatMap((candidate) => Object.entries(candidate.model.size?.table ?? {}));
  const isPixels = field === 'size' && !sizes.some(([size]) => size === ratio);
  if (field !== undefined && !(isPixels && sizes.length > 0)) return [field, ratio];
  const [size] = sizes.find(([, meaning]) => meaning.ratio === ratio) ?? [];
  throw unread(model, { wish: 'ratio', instead: size && `give the size "${size}"` });
}

const resolutionFields = ['resolution', 'metadata.resolution', 'size'];

function resolutionField(
  { model }: Target,
  serving: readonly Candidate[],
  resolution: string,
): readonly [string, unknown] {
  if (serving.length === 0) return ['resolution', resolution];
  const field = bestField(serving, (rules) => rules.resolution.from, resolutionFields);
  const known = serving.flatMap((candidate) => candidate.model.resolution.values ?? []);
  const isPixels = field === 'size' && known.length === 0;
  if (field === undefined || isPixels) {
    throw unread(model, { wish: 'resolution', instead: isPixels && 'give the size in pixels' });
  }
  const word = known.find((value) => value.toLowerCase() === resolution.toLowerCase());
  return [field, word ?? resolution];
}

const audioFields = ['generate_audio', 'metadata.generate_audio'];

/** Writes nothing if it is the model's default. */
function audioField(
  { model }: Target,
  serving: readonly Candidate[],
  audio: boolean,
): readonly [string, unknown] | undefined {
  if (serving.length === 0) return ['generate_audio', audio];
  const able = serving.filter((candidate) => takesAudio(candidate.model));
  if (able.length === 0) {
    if (serving.every((candidate) => candidate.model.audio.default === audio)) return undefined;
    const always = serving.every((candidate) => candidate.model.audio.default !== null);
    throw unread(model, { wish: 'audio', instead: always && 'its sound is always on' });
  }
  // If metadata is forwarded as a whole, the vendor receives the switch there.
  const field = bestField(
    serving,
    (rules, plugin) => [
      ...(rules.audio.from ?? []),
      ...(plugin.unknown.metadata === 'forwarded' ? audioFields.slice(1) : []),
    ],
    audioFields,
  );
  return [field ?? 'generate_audio', audio];
}

function takesAudio({ audio }: ModelRules): boolean {
  return audio.from !== undefined && audio.refuses !== 'all';
}

/** The field that the most plugins read. With equal counts, the first of the preferred fields. */
function bestField(
  serving: readonly Candidate[],
  pathsOf: (rules: ModelRules, plugin: Candidate['plugin']) => readonly FieldPath[],
  preferred: readonly string[],
): string | undefined {
  const read = serving.map(({ model, plugin }) => placesOf(pathsOf(model, plugin), plugin));
  const readers = (field: string) => read.filter((fields) => fields.includes(field)).length;
  const known = [...preferred, ...read.flat()];
  const most = Math.max(...known.map(readers));
  return most === 0 ? undefined : known.find((field) => readers(field) === most);
}

function unread(
  model: string,
  { wish, instead }: { wish: string; instead: string | false | undefined },
): RangeError {
  return new RangeError(
    `"${model}" reads no ${wish}: ${instead || `leave it out, or give the whole request as a body`}`,
  );
}
