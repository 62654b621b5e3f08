import type { FieldPath } from './media-types.ts';
import { placesOf, type Reading } from './reading.ts';

const always = ['model', 'prompt', 'metadata', 'callback_url', 'metadata.callback_url'];

/** Cached, because they are the same for all requests of a model. */
const known = new WeakMap<Reading['model'], ReadonlySet<string>>();

/** All fields that the plugin's rules name, including keys of metadata. */
export function knownFields(reading: Reading): ReadonlySet<string> {
  const before = known.get(reading.model);
  if (before) return before;
  const fields = collectFields(reading);
  known.set(reading.model, fields);
  return fields;
}

function collectFields({ plugin, model }: Reading): Set<string> {
  const { length, resolution, ratio, size, audio, tasks } = model;
  const paths: readonly (readonly FieldPath[] | undefined)[] = [
    always,
    length.from,
    length.notSent,
    resolution.from.filter((path) => path !== 'size'),
    ratio.from.filter((path) => path !== 'size'),
    size?.from,
    audio.from,
    tasks?.from,
    tasks?.modes && [tasks.modes.field],
    plugin.reads,
    model.reads,
    ...[...(plugin.typed ?? []), ...(model.typed ?? [])].map(({ fields }) => fields),
    ...[...(plugin.refuses ?? []), ...(model.refuses ?? [])].map(({ fields }) => fields),
    ...mediaPaths(model.media),
  ];
  const fields = placesOf(
    paths.flatMap((each) => each ?? []),
    plugin,
  );
  return new Set(fields.map((field) => field.split('.').slice(0, 2).join('.')));
}

function mediaPaths(media: Reading['model']['media']): (readonly FieldPath[])[] {
  const { images, references, videos, audios, frames, entries } = media;
  const lists = [images, references, videos, audios, entries];
  const paths = lists.flatMap((list) => (list ? [list.from] : []));
  return frames ? [...paths, frames.first, frames.last] : paths;
}
