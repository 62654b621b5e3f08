import { modelFamily } from '../model-family.ts';
import type { VideoFormat } from '../video-request.ts';
import { type Fields, mergeFields } from './body-fields.ts';
import type { Candidate } from './catalog.ts';
import { evaluatePlugin, type PluginFinding } from './evaluate-plugin.ts';
import { entryPlaces, mediaPlaces, type MediaWish, type WishedRole } from './media-places.ts';

/** Media by role, as URLs or `stored-image:` references. */
export interface GivenMedia {
  /** Images without a role; the model decides. */
  images?: readonly string[];
  firstFrame?: string;
  lastFrame?: string;
  references?: readonly string[];
  referenceVideos?: readonly string[];
  referenceAudios?: readonly string[];
}

/** The request in which a placement of media is tried. */
interface Trial {
  model: string;
  serving: readonly Candidate[];
  fields: Fields;
}

/**
 * Adds media to the fields of a body, in the place where the most plugins read them with their roles. Each place is
 * tried with the evaluator, so the result matches its prediction.
 *
 * @throws {RangeError} No plugin reads the media with these roles.
 */
export function writeMedia(
  { model, format }: { model: string; format: VideoFormat },
  { serving, given, fields }: { serving: readonly Candidate[]; given: GivenMedia; fields: Fields },
): Fields {
  const wishes = mediaWishes(given);
  if (wishes.length === 0) return fields;
  if (serving.length === 0) return mergeFields(fields, unknownPlace(model, wishes));
  const [only] = wishes;
  // The older route has no input_reference.
  const isOldSora = format === 'generations' && modelFamily(model) === 'sora';
  if (isOldSora && only?.role === 'image' && wishes.length === 1) {
    return mergeFields(fields, { image: only.address });
  }
  return mergeFields(fields, bestPlaces({ model, serving, fields }, wishes));
}

/** In the order of placement, because later media may depend on the images. */
function mediaWishes(given: GivenMedia): MediaWish[] {
  const { images = [], firstFrame, lastFrame, references = [] } = given;
  const lists: readonly (readonly [WishedRole, readonly (string | undefined)[]])[] = [
    ['image', images],
    ['first_frame', [firstFrame]],
    ['last_frame', [lastFrame]],
    ['reference', references],
    ['video', given.referenceVideos ?? []],
    ['audio', given.referenceAudios ?? []],
  ];
  return lists.flatMap(([role, addresses]) =>
    addresses.flatMap((address) => (address === undefined ? [] : [{ role, address }])),
  );
}

const groups: readonly (readonly WishedRole[])[] = [
  ['image'],
  ['first_frame', 'last_frame'],
  ['reference'],
  ['video'],
  ['audio'],
];

/** Places one kind after the other, or all in one list of entries if only that is read. */
function bestPlaces(trial: Trial, wishes: readonly MediaWish[]): Fields {
  let placed: Fields = {};
  let wanted: MediaWish[] = [];
  let best: Score = { places: {}, plugins: 0 };
  for (const roles of groups) {
    const group = wishes.filter(({ role }) => roles.includes(role));
    if (group.length === 0) continue;
    wanted = [...wanted, ...group];
    const places = mediaPlaces(group, trial.serving).map((place) => mergeFields(placed, place));
    best = bestOf(trial, { places, wanted });
    placed = best.places;
  }
  const entries = bestOf(trial, { places: entryPlaces(wishes, trial.serving), wanted: wishes });
  if (entries.plugins > best.plugins) return entries.places;
  if (best.plugins === 0) throwUnread(trial, { placed, wishes });
  return placed;
}

interface Score {
  places: Fields;
  /** Number of plugins that read all of them in this place. */
  plugins: number;
}

function bestOf(
  trial: Trial,
  { places, wanted }: { places: readonly Fields[]; wanted: readonly MediaWish[] },
): Score {
  let best: Score = { places: places[0] ?? {}, plugins: 0 };
  for (const place of places) {
    const plugins = findings(trial, place).filter((found) => isMade(found, wanted)).length;
    if (plugins > best.plugins) best = { places: place, plugins };
    if (plugins === trial.serving.length) break;
  }
  return best;
}

/** Tried with a prompt only. Other properties are evaluated with the whole request. */
function findings({ model, serving }: Trial, places: Fields): PluginFinding[] {
  const body = { model, prompt: 'A cat', ...places };
  return serving.map((candidate) => evaluatePlugin(body, candidate));
}

function isMade({ refused, makes }: PluginFinding, wanted: readonly MediaWish[]): boolean {
  const left = makes.media.map(({ role }) => role.replace(/^reference_/, ''));
  if (refused.length > 0 || left.length !== wanted.length) return false;
  const picture = ['first_frame', 'last_frame', 'reference', 'image'];
  // Explicit roles first, so that an image without a role gets a remaining one.
  return [...wanted]
    .toSorted((one, other) => Number(one.role === 'image') - Number(other.role === 'image'))
    .every(({ role }) => {
      const fits = (made: string) =>
        role === 'image' ? picture.includes(made) : made === role || isReference(role, made);
      const at = left.findIndex(fits);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
}

/** In entries, the role is named `reference_image`. */
function isReference(role: WishedRole, made: string): boolean {
  return role === 'reference' && made === 'image';
}

/** If every plugin refuses the media, the evaluator has the reason. */
function throwUnread(
  trial: Trial,
  { placed, wishes }: { placed: Fields; wishes: readonly MediaWish[] },
): void {
  const found = findings(trial, placed);
  if (found.every(({ refused }) => refused.length > 0)) return;
  const { model } = trial;
  const pictures = wishes.filter(({ role }) => role !== 'video' && role !== 'audio').length;
  const read = Math.max(...found.map(({ makes }) => makes.media.length));
  const note = found.flatMap(({ notes }) => notes).find(({ about }) => about === 'media');
  if (wishes.every(({ role }) => role === 'image') && pictures > 1 && read <= 1) {
    throw new RangeError(`"${model}" takes one image, not ${pictures}`);
  }
  const roles = [...new Set(wishes.map(({ role }) => roleWords[role]))].join(' and ');
  const why = note ? ` ("${note.field}": ${note.message})` : '';
  const given = wishes.length === 1 ? `a file as ${roles}` : `${wishes.length} files as ${roles}`;
  throw new RangeError(
    `"${model}" does not take ${given}${why}: choose another role, or pass the whole body`,
  );
}

const roleWords: Readonly<Record<WishedRole, string>> = {
  image: 'image',
  first_frame: 'first frame',
  last_frame: 'last frame',
  reference: 'reference',
  video: 'reference video',
  audio: 'reference audio',
};

/** For an unknown model, only images without a role have a known place. */
function unknownPlace(model: string, wishes: readonly MediaWish[]): Fields {
  const named = wishes.find(({ role }) => role !== 'image');
  if (named) {
    throw new RangeError(
      `The catalogue does not know where "${model}" reads a ${roleWords[named.role]}: give it as image, or the whole request as a body`,
    );
  }
  const addresses = wishes.map(({ address }) => address);
  return addresses.length === 1 ? { image: addresses[0] } : { images: addresses };
}
