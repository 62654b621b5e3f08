import { isObject } from '../../contract/object-in.ts';
import { wishedBody, type WishedVideo } from '../../contract/models/wished-body.ts';
import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { defaultFormat } from '../../contract/request-fields.ts';
import { storedImagePrefix, type VideoRequest } from '../../contract/video-request.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';

type Texts = TextsOf<typeof createTexts>;

/** Uses of images that a person can choose. */
export const imageRoles = ['auto', 'first', 'firstLast', 'reference'] as const;

/** The fields of the form, as they were sent. */
export interface GivenFields {
  model: string;
  prompt: string;
  seconds: string;
  resolution: string;
  ratio: string;
  audio: string;
  imageUrls: string;
  imageRole: string;
  metadata: string;
  name: string;
  tags: string;
  /** References of pictures that were uploaded before, separated by commas. */
  stored: string;
  /** Of this form. The same form with the same content is the same video. */
  nonce: string;
}

/** The names of the fields. */
export const fieldNames = [
  'model',
  'prompt',
  'seconds',
  'resolution',
  'ratio',
  'audio',
  'imageUrls',
  'imageRole',
  'metadata',
  'name',
  'tags',
  'stored',
  'nonce',
] as const satisfies readonly (keyof GivenFields)[];

/** A field that cannot be used, and why. */
export interface FieldFault {
  field: keyof GivenFields | 'images';
  message: string;
}

/** Reads the fields. `images` are addresses or references. */
export function requestOf(
  given: GivenFields,
  { images, host, texts }: { images: readonly string[]; host: HostGeneration; texts: Texts },
): { request: VideoRequest } | { faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const fault = (field: FieldFault['field'], message: string) => {
    faults.push({ field, message });
    return undefined;
  };
  const urls = linesOf(given.imageUrls);
  if (urls.some((url) => !/^https?:\/\/\S+$/.test(url))) fault('imageUrls', texts.noWebAddress);
  const media = mediaOf([...images, ...urls], given.imageRole);
  const hasMedia = images.length + urls.length > 0;
  if (given.prompt === '' && !hasMedia) fault('prompt', texts.needsPrompt);
  if (given.name !== '' && !isName(given.name)) fault('name', texts.badName);
  if (listOf(given.tags).some(isReserved)) fault('tags', texts.reservedTag);
  const seconds = given.seconds === '' ? undefined : wholeSeconds(given.seconds);
  if (seconds === null) fault('seconds', texts.wholeSeconds);
  const metadata = given.metadata === '' ? undefined : jsonObject(given.metadata);
  if (metadata === null) fault('metadata', texts.notJson);
  if (faults.length > 0) return { faults };
  const wish: WishedVideo = {
    model: given.model,
    format: defaultFormat,
    host,
    ...media,
    ...(given.prompt !== '' && { prompt: given.prompt }),
    ...(typeof seconds === 'number' && { seconds }),
    ...(given.resolution !== '' && { resolution: given.resolution }),
    ...(given.ratio !== '' && { ratio: given.ratio }),
    ...(given.audio !== '' && { audio: given.audio === 'on' }),
    ...(metadata && { metadata }),
  };
  try {
    return { request: { format: defaultFormat, body: wishedBody(wish) } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { faults: [{ field: fieldOf(error.message, { hasMedia }), message: error.message }] };
  }
}

/** The message names the property that the model cannot read. */
function fieldOf(message: string, { hasMedia }: { hasMedia: boolean }): FieldFault['field'] {
  const named = (['seconds', 'resolution', 'ratio', 'audio', 'metadata'] as const).find((name) =>
    message.toLowerCase().includes(name),
  );
  return named ?? (hasMedia ? 'images' : 'model');
}

function mediaOf(all: readonly string[], role: string): Partial<WishedVideo> {
  const [first, second, ...others] = all;
  if (first === undefined) return {};
  switch (role) {
    case 'first':
      return { firstFrame: first, ...(second !== undefined && { images: [second, ...others] }) };
    case 'firstLast':
      return {
        firstFrame: first,
        ...(second !== undefined && { lastFrame: second }),
        ...(others.length > 0 && { images: others }),
      };
    case 'reference':
      return { references: [...all] };
    default:
      return { images: [...all] };
  }
}

/** Ids of tenants begin with "@", and those of rows of a batch have a slash. */
export function isName(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(text);
}

/** The tag of a tenant is for the videos that it started itself. */
export function isReserved(tag: string): boolean {
  return tag.startsWith('tenant:');
}

/** Pictures that were uploaded before. Other texts are dropped. */
export function storedImages({ stored }: Pick<GivenFields, 'stored'>): string[] {
  return listOf(stored).filter(
    (reference) =>
      reference.startsWith(storedImagePrefix) &&
      /^[0-9a-f]{64}$/.test(reference.slice(storedImagePrefix.length)),
  );
}

/** Texts that are separated by commas. */
export function listOf(text: string): string[] {
  return text
    .split(/[,，、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Null for anything else. */
function wholeSeconds(text: string): number | null {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 1 ? seconds : null;
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
