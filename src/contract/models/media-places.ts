import { type Fields, mergeFields, withField } from './body-fields.ts';
import type { Candidate } from './catalog.ts';
import type { FieldPath, MediaRules } from './media-types.ts';
import { placesOf } from './reading.ts';

export type WishedRole = 'image' | 'first_frame' | 'last_frame' | 'reference' | 'video' | 'audio';

export interface MediaWish {
  role: WishedRole;
  address: string;
}

type Serving = readonly Candidate[];

/** All ways to write media of one kind that a plugin may read, the most common ones first. */
export function mediaPlaces(wishes: readonly MediaWish[], serving: Serving): Fields[] {
  const addresses = wishes.map(({ address }) => address);
  switch (wishes[0]?.role) {
    case 'first_frame':
    case 'last_frame':
      return framePlaces(wishes, serving);
    case 'reference':
      return referencePlaces(addresses, serving);
    case 'video':
      return listed(addresses, [
        'metadata.referenceVideos',
        'videos',
        'video',
        ...fieldsOf(serving, videosOf),
      ]);
    case 'audio':
      return listed(addresses, [
        'metadata.referenceAudios',
        'audios',
        ...fieldsOf(serving, audiosOf),
      ]);
    default:
      return imagePlaces(addresses, serving);
  }
}

const imageFields = ['image', 'images', 'input_reference'];

function imagePlaces(addresses: readonly string[], serving: Serving): Fields[] {
  const lists = [...imageFields, ...fieldsOf(serving, imagesOf)];
  const [first] = addresses;
  if (first === undefined || addresses.length > 1) return listed(addresses, ['images', ...lists]);
  // A model without image fields may have one for the first frame.
  const frame: MediaWish = { role: 'first_frame', address: first };
  return [...listed([first], lists), ...framePlaces([frame], serving)];
}

function framePlaces(wishes: readonly MediaWish[], serving: Serving): Fields[] {
  const first = wishes.find(({ role }) => role === 'first_frame')?.address;
  const last = wishes.find(({ role }) => role === 'last_frame')?.address;
  const firstFields = ['metadata.firstFrame', ...fieldsOf(serving, ({ frames }) => frames?.first)];
  const lastFields = ['metadata.lastFrame', ...fieldsOf(serving, ({ frames }) => frames?.last)];
  const lists = [...imageFields, ...fieldsOf(serving, imagesOf)];
  const ofFirst =
    first === undefined ? [{}] : [...single(first, firstFields), ...listed([first], lists)];
  const ofLast = last === undefined ? [{}] : single(last, lastFields);
  const pairs = ofFirst.flatMap((place) => ofLast.map((other) => mergeFields(place, other)));
  const both =
    first !== undefined && last !== undefined ? listed([first, last], ['images', ...lists]) : [];
  return [...pairs, ...both];
}

/** Some plugins distinguish references from frames by a task. */
const hints: readonly Fields[] = [
  {},
  { metadata: { video_mode: 'reference' } },
  { task: 'reference_to_video' },
];

function referencePlaces(addresses: readonly string[], serving: Serving): Fields[] {
  const fields = [
    'metadata.referenceImages',
    'images',
    ...fieldsOf(serving, ({ references }) => references?.from),
    ...fieldsOf(serving, imagesOf),
  ];
  const places = listed(addresses, fields);
  return hints.flatMap((hint) => places.map((place) => mergeFields(place, hint)));
}

/** One list of entries with roles. */
export function entryPlaces(wishes: readonly MediaWish[], serving: Serving): Fields[] {
  const types: Readonly<Record<WishedRole, string>> = {
    image: 'first_frame',
    first_frame: 'first_frame',
    last_frame: 'last_frame',
    reference: 'reference_image',
    video: 'reference_video',
    audio: 'reference_audio',
  };
  const entries = wishes.map(({ role, address }) => ({ type: types[role], url: address }));
  return fieldsOf(serving, (media) => media.entries?.from).map((field) =>
    withField({}, field, entries),
  );
}

function single(address: string, fields: readonly string[]): Fields[] {
  return unique(fields).map((field) => withField({}, field, address));
}

/** A single item can also be written without a list, if the field permits it. */
function listed(addresses: readonly string[], fields: readonly string[]): Fields[] {
  const [only] = addresses;
  return unique(fields).map((field) => {
    const isOne = addresses.length === 1 && !/(s|paths|base64)$/i.test(field);
    return withField({}, field, isOne ? only : [...addresses]);
  });
}

function fieldsOf(
  serving: Serving,
  read: (media: MediaRules) => readonly FieldPath[] | undefined,
): string[] {
  return serving.flatMap(({ plugin, model }) => placesOf(read(model.media) ?? [], plugin));
}

function unique(fields: readonly string[]): string[] {
  return [...new Set(fields)];
}

function imagesOf({ images }: MediaRules) {
  return images?.from;
}

function videosOf({ videos }: MediaRules) {
  return videos?.from;
}

function audiosOf({ audios }: MediaRules) {
  return audios?.from;
}
