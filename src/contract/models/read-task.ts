import type { TaskLimits, TaskRules } from './catalog-types.ts';
import type { Item } from './read-list.ts';
import { entriesOf, oneOf, refuse, textEntries, type Note, type Reading } from './reading.ts';

export interface TaskFound {
  name?: string;
  limits?: TaskLimits;
  notes: Note[];
}

interface TaskMedia {
  /** Including frames. */
  images: readonly Item[];
  frames: number;
  videos: readonly Item[];
}

/** Reads the task: by the given name, else by the given media. */
export function readTask(reading: Reading, media: TaskMedia): TaskFound {
  const { tasks: rules } = reading.model;
  if (!rules) return { notes: [] };
  const asked = askedTask(reading, rules);
  const name = asked.name ?? inferred(media, rules);
  const video = media.videos[0]?.list;
  if (!rules.known.includes(name)) {
    const field = asked.field ?? video ?? 'task';
    const message = `This model cannot ${words(name)}; it knows ${oneOf(rules.known.map(words))}`;
    return { notes: [...asked.notes, refuse(field, message)] };
  }
  const limits = rules.rules[name];
  if (!limits) return { name, notes: asked.notes };
  const notes = countNotes(media, { limits, name, field: asked.field });
  return { name, limits, notes: [...asked.notes, ...notes] };
}

function askedTask(
  reading: Reading,
  rules: TaskRules,
): { name?: string; field?: string; notes: Note[] } {
  const { texts, notes } = textEntries(reading, entriesOf(reading, rules.from));
  const { modes } = rules;
  const [mode] = modes ? textEntries(reading, entriesOf(reading, [modes.field])).texts : [];
  const byMode = mode && modes?.tasks[mode.text];
  if (mode && byMode === undefined) {
    notes.push(refuse(mode.field, `Must be ${oneOf(Object.keys(modes?.tasks ?? {}))}`));
  }
  if (mode && byMode !== undefined) texts.push({ field: mode.field, text: byMode });
  const [first, ...others] = texts;
  if (!first) return { notes };
  for (const { field, text } of others) {
    if (text !== first.text) notes.push(refuse(field, `Says another task than "${first.field}"`));
  }
  return { name: first.text, field: first.field, notes };
}

function inferred({ images, frames, videos }: TaskMedia, { ofVideo, ofTwo }: TaskRules): string {
  if (videos.length > 0) {
    const isMixed = videos.length > 1 || images.length > 0;
    return isMixed && ofVideo === 'edit' ? 'reference_to_video' : ofVideo;
  }
  if (frames > 0 || images.length === 1) return 'image_to_video';
  if (images.length === 2) return ofTwo;
  return images.length > 0 ? 'reference_to_video' : 'text_to_video';
}

function countNotes(
  { images, videos }: TaskMedia,
  { limits, name, field }: { limits: TaskLimits; name: string; field: string | undefined },
): Note[] {
  const kinds = [
    { items: images, range: limits.images, kind: 'images', field: images.at(-1)?.list },
    { items: videos, range: limits.videos, kind: 'videos', field: videos.at(-1)?.list },
  ];
  return kinds.flatMap(({ items, range: [min, max], kind, field: list }) => {
    if (items.length >= min && items.length <= max) return [];
    const wanted = max === 0 ? `no ${kind}` : `${min === max ? min : `${min} to ${max}`} ${kind}`;
    return [refuse(list ?? field ?? kind, `To ${words(name)} it takes ${wanted}`)];
  });
}

function words(task: string): string {
  const known: Record<string, string> = {
    text_to_video: 'make a video from text',
    image_to_video: 'make a video from frames',
    reference_to_video: 'make a video from references',
    edit: 'edit a video',
    extend: 'extend a video',
  };
  return known[task] ?? `do "${task}"`;
}
