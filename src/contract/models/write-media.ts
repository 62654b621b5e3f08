import { modelFamily } from '../model-family.ts';
import type { VideoFormat } from '../video-request.ts';
import { type Fields, mergeFields } from './body-fields.ts';
import type { Candidate } from './catalog.ts';
import { evaluatePlugin, type PluginFinding } from './evaluate-plugin.ts';
import { entryPlaces, mediaPlaces, type MediaWish, type WishedRole } from './media-places.ts';

/** Media as addresses or `stored-image:` references, by what they are to the video. */
export interface GivenMedia {
  /** The model decides what they are. */
  images?: readonly string[];
  firstFrame?: string;
  lastFrame?: string;
  references?: readonly string[];
  referenceVideos?: readonly string[];
  referenceAudios?: readonly string[];
}

/** Where a placement of media is tried. */
interface Trial {
  model: string;
  serving: readonly Candidate[];
  fields: Fields;
}

/**
 * Adds the media to the fields of a body, where the most plugins of the name read them in their roles. Each place is
 * tried with the evaluator, so what is written is what it says will be made.
 *
 * @throws {RangeError} No plugin reads them so.
 */
export function writeMedia(
  { model, format }: { model: string; format: VideoFormat },
  { serving, given, fields }: { serving: readonly Candidate[]; given: GivenMedia; fields: Fields },
): Fields {
  const wishes = mediaWishes(given);
  if (wishes.length === 0) return fields;
  if (serving.length === 0) return mergeFields(fields, unknownPlace(model, wishes));
  const [only] = wishes;
  // The route from before the OpenAI-compatible one has no input_reference.
  const isOldSora = format === 'generations' && modelFamily(model) === 'sora';
  if (isOldSora && only?.role === 'image' && wishes.length === 1) {
    return mergeFields(fields, { image: only.address });
  }
  return mergeFields(fields, bestPlaces({ model, serving, fields }, wishes));
}

/** In the order in which they are placed: what comes later may depend on the pictures. */
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

/** One kind after the other, or all in one list of entries where only that is read. */
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
  /** How many plugins read all of them so. */
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

/** Beside a prompt alone: what else is wished is judged with the whole request. */
function findings({ model, serving }: Trial, places: Fields): PluginFinding[] {
  const body = { model, prompt: 'A cat', ...places };
  return serving.map((candidate) => evaluatePlugin(body, candidate));
}

function isMade({ refused, makes }: PluginFinding, wanted: readonly MediaWish[]): boolean {
  const left = makes.media.map(({ role }) => role.replace(/^reference_/, ''));
  if (refused.length > 0 || left.length !== wanted.length) return false;
  const picture = ['first_frame', 'last_frame', 'reference', 'image'];
  // Named roles first, so that an image without one gets what is left.
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

/** Entries call it `reference_image`. */
function isReference(role: WishedRole, made: string): boolean {
  return role === 'reference' && made === 'image';
}

/** Where every plugin refuses them, the evaluator says why. */
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

/** A picture without a role is all that is known to have a place in every model. */
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
