import type { Condition, TaskLimits } from './catalog-types.ts';
import type { Role } from './media-types.ts';
import { readFrames, type FramesFound } from './read-frames.ts';
import { readEntries } from './read-entries.ts';
import { readList, type Item } from './read-list.ts';
import { change, drop, refuse, type Note, type Reading } from './reading.ts';
import { readTask } from './read-task.ts';

/** An image, video or sound of a request. */
export interface Medium {
  field: string;
  role: string;
}

export interface MediaFound {
  media: Medium[];
  /** Number of images, including frames. */
  images: number;
  limits: TaskLimits | undefined;
  has: (what: Condition['has']) => boolean;
  notes: Note[];
}

interface Lists {
  images: Item[];
  references: Item[];
  videos: Item[];
  audios: Item[];
  frames: FramesFound;
  entries: Medium[];
}

/** Reads the media and their roles. */
export function readMedia(reading: Reading): MediaFound {
  const { media: rules } = reading.model;
  const images = readList(reading, rules.images);
  const references = readList(reading, rules.references);
  const videos = readList(reading, rules.videos);
  const audios = readList(reading, rules.audios);
  const entries = readEntries(reading);
  const frames = readFrames(reading, images.items.length);
  const lists: Lists = {
    images: frames.hidesImages ? [] : images.items,
    references: references.items,
    videos: videos.items,
    audios: audios.items,
    frames,
    entries: entries.media,
  };
  const task = readTask(reading, {
    images: [...lists.images, ...frames.items],
    frames: frames.items.length,
    videos: lists.videos,
  });
  const roles = rolesOf(reading, { lists, task: task.name });
  const found = [images, references, videos, audios, entries, frames, task];
  const notes = [
    ...found.flatMap((each) => each.notes),
    ...hidden(images.items, frames),
    ...roles.notes,
    ...counts(reading, lists),
    ...mixes(reading, lists),
  ];
  return {
    media: roles.media,
    images: lists.images.length + lists.references.length + frames.items.length,
    limits: task.limits,
    has: (what) => hasMedia(lists, what),
    notes,
  };
}

function hasMedia({ images, references, videos, frames }: Lists, what: Condition['has']): boolean {
  if (what === 'frames') return frames.items.length > 0;
  if (what === 'videos') return videos.length > 0;
  return images.length + references.length + videos.length + frames.items.length === 0;
}

function hidden(images: readonly Item[], { hidesImages }: FramesFound): Note[] {
  const [first] = images;
  return hidesImages && first ? [drop(first.list, 'Ignored, because frames are given')] : [];
}

function rolesOf(
  reading: Reading,
  { lists, task }: { lists: Lists; task: string | undefined },
): { media: Medium[]; notes: Note[] } {
  const { images, references, videos, audios, frames, entries } = lists;
  const roles = images.map((_, index) => roleAt(reading, { index, lists, task }));
  const media = [
    ...frames.items.map(({ field, role }) => ({ field, role })),
    ...images.map(({ field }, index) => ({ field, role: roles[index] ?? 'reference' })),
    ...references.map(({ field }) => ({ field, role: 'reference' })),
    ...videos.map(({ field }) => ({ field, role: 'video' })),
    ...audios.map(({ field }) => ({ field, role: 'audio' })),
    ...entries,
  ];
  const [first] = images;
  const said = first && unexpected(first, { roles, isByCount: isByCount(reading) });
  return { media, notes: said ? [said] : [] };
}

function isByCount({ model }: Reading): boolean {
  return model.tasks !== undefined || typeof model.media.images?.roles === 'object';
}

function roleAt(
  { model }: Reading,
  { index, lists, task }: { index: number; lists: Lists; task: string | undefined },
): Role {
  const frameRoles: readonly Role[] = ['first_frame', 'last_frame'];
  const { frames, images } = lists;
  if (task === 'image_to_video') return frameRoles[index + frames.items.length] ?? 'reference';
  if (frames.items.length > 0 && model.media.frames?.withImages) return 'reference';
  const roles = model.media.images?.roles ?? 'reference';
  if (typeof roles === 'string') return roles;
  return (roles[images.length - 1] ?? roles.at(-1))?.[index] ?? 'reference';
}

/** A single image is usually the first frame. The roles of several depend on the plugin. */
function unexpected(
  { list }: Item,
  { roles, isByCount: byCount }: { roles: readonly Role[]; isByCount: boolean },
): Note | undefined {
  const [role] = roles;
  if (role === 'unused') return change(list, 'Is sent, but this model does not use it', 'media');
  if (roles.length > 1 && byCount) {
    const are = role === 'first_frame' ? 'first and last frame' : 'references';
    return change(list, `These ${roles.length} are ${are}`, 'media');
  }
  const isSingle = ['image', 'input_reference', 'metadata.image'].includes(list);
  if (!isSingle || role === 'first_frame') return undefined;
  return change(list, 'Is a reference picture, not the first frame', 'media');
}

function counts({ model }: Reading, lists: Lists): Note[] {
  const { images: rules, frames: frameRules, total } = model.media;
  const { images, references, videos, audios, frames } = lists;
  const [first] = [...images, ...references, ...videos, ...audios];
  const notes: Note[] = [];
  const pictures = images.length + frames.items.length;
  const max = rules?.max;
  if (frameRules?.countAsImages && max !== undefined && images.length <= max && pictures > max) {
    const field = images[0]?.list ?? frames.items[0]?.field ?? 'images';
    notes.push(refuse(field, `At most ${max} with the frames, not ${pictures}`));
  }
  const all = images.length + references.length + videos.length + audios.length;
  if (total !== undefined && all > total && first) {
    notes.push(refuse(first.list, `At most ${total} media in all, not ${all}`));
  }
  return notes;
}

function mixes({ model }: Reading, lists: Lists): Note[] {
  const { frames: frameRules, audioNeedsVisual, imageRequired } = model.media;
  const { images, references, videos, audios, frames, entries } = lists;
  const notes: Note[] = [];
  const [audio] = audios;
  const visual = images.length + references.length + videos.length + frames.items.length;
  if (audioNeedsVisual && audio && visual === 0) {
    notes.push(refuse(audio.list, 'Requires an image or a video'));
  }
  if (imageRequired && images.length === 0 && entries.length === 0) {
    notes.push(refuse('image', 'This model needs an image'));
  }
  if (frameRules?.withReferences !== 'refused') return notes;
  // If references have their own fields, the image fields are frames.
  const imagesAreFrames = model.media.references !== undefined;
  const [frame] = [...frames.items, ...(imagesAreFrames ? images : [])];
  const others = [...(imagesAreFrames ? [] : images), ...references, ...videos, ...audios];
  if (frame && others.length > 0) {
    notes.push(refuse(frame.list, 'Frames and references exclude each other'));
  }
  return notes;
}
