import { candidatesOf, type Candidate } from '../../contract/models/catalog.ts';
import { placesOf } from '../../contract/models/reading.ts';

/** What a field holds in JSON. `list`: one text stands for a list of one. */
export type FieldType = 'number' | 'boolean' | 'text' | 'list';

/** Says what a field of a model holds. The path is as in `metadata.seed`. */
export type TypeOf = (path: string) => FieldType;

/**
 * The types of a model's fields, by the rules of all plugins that can serve it. A field that they know differently, or
 * that nobody knows, is text.
 */
export function fieldTypes(model: string): TypeOf {
  const known = new Map<string, FieldType>();
  for (const { path, type } of candidatesOf(model).flatMap(typedPlaces)) {
    const before = known.get(path);
    known.set(path, before === undefined || before === type ? type : 'text');
  }
  return (path) => known.get(path) ?? commonType(path);
}

interface TypedPlace {
  path: string;
  type: FieldType;
}

function typedPlaces({ plugin, model }: Candidate): TypedPlace[] {
  const { length, resolution, ratio, size, audio, media, tasks } = model;
  const { images, references, videos, audios } = media;
  const lists = [images, references, videos, audios];
  const typed = [...(plugin.typed ?? []), ...(model.typed ?? [])];
  const counted = [...(plugin.refuses ?? []), ...(model.refuses ?? [])].filter(
    ({ except }) => except !== undefined,
  );
  const texts = [resolution.from, ratio.from, size?.from ?? [], tasks?.from ?? []];
  const types: readonly (readonly [readonly string[], FieldType])[] = [
    [[...length.from, ...(length.notSent ?? [])], 'number'],
    [audio.from ?? [], 'boolean'],
    [counted.flatMap(({ fields }) => fields), 'number'],
    [[...texts.flat(), ...lists.flatMap((list) => list?.from ?? [])], 'text'],
    ...typed.map(({ fields, type }) => [fields, type === 'integer' ? 'number' : type] as const),
  ];
  const listed = new Set(lists.flatMap((list) => list?.lists ?? []));
  return types.flatMap(([fields, type]) =>
    placesOf(fields, plugin).map((path) => ({
      path,
      type: isSecondsText(path) ? 'text' : listed.has(path) ? 'list' : type,
    })),
  );
}

/** In OpenAI's shape, which all plugins read, `seconds` is a text. */
function isSecondsText(path: string): boolean {
  return path === 'seconds' || path.endsWith('.seconds');
}

function commonType(path: string): FieldType {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (commonNumbers.has(name)) return 'number';
  return commonBooleans.has(name) ? 'boolean' : 'text';
}

/**
 * Fields that the catalogue does not list, because plugins hand them on unread. Types: the published page of the
 * generations route, and the structs of the gateway, which refuses a seed that is text (recorded 2026-11-23).
 */
const commonNumbers = new Set([
  ...words('duration durationSeconds duration_seconds seed n fps width height frames cfg_scale'),
  // Kling's camera control.
  ...words('horizontal vertical pan tilt roll zoom'),
]);
const commonBooleans = new Set([
  ...words('bgm watermark draft camera_fixed return_last_frame generate_audio generateAudio'),
  ...words('prompt_optimizer fast_pretreatment aigc_watermark prompt_extend'),
]);

function words(text: string): string[] {
  return text.split(' ');
}
