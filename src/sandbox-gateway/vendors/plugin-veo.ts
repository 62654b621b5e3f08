import type { CreateRequest } from '../create-request.ts';
import {
  booleanOr,
  demandPrompt,
  oneOfChoices,
  openFields,
  PluginRefusal,
  textsOf,
  topOrMetadata,
  wholeNumber,
  type PluginFields,
} from './plugin-fields.ts';
import type { Decoded } from './plugin-xm.ts';
import type { MadeMedium } from './vendor-plan.ts';

const sizes: Record<string, { ratio: string; resolution?: string }> = {
  '640x360': { ratio: '16:9', resolution: '360p' },
  '360x640': { ratio: '9:16', resolution: '360p' },
  '1280x720': { ratio: '16:9', resolution: '720p' },
  '720x1280': { ratio: '9:16', resolution: '720p' },
  '1920x1080': { ratio: '16:9', resolution: '1080p' },
  '1080x1920': { ratio: '9:16', resolution: '1080p' },
  '3840x2160': { ratio: '16:9', resolution: '4k' },
  '2160x3840': { ratio: '9:16', resolution: '4k' },
  '16:9': { ratio: '16:9' },
  '9:16': { ratio: '9:16' },
};

const lengthFields = [
  'duration',
  'seconds',
  'metadata.duration_seconds',
  'metadata.durationSeconds',
];
const resolutionFields = ['resolution', 'metadata.resolution', 'output', 'metadata.output'];
const ratioFields = ['aspect_ratio', 'ratio', 'metadata.aspect_ratio', 'metadata.aspectRatio'];
const imageFields = ['image', 'images', 'input_reference'];
const videoFields = ['video', 'videos'];
const countFields = ['n', 'sample_count', 'metadata.sampleCount', 'metadata.candidate_count'];
const refusedFields = [
  'response_format',
  'generation_config',
  'background',
  'store',
  'stream',
  'parameters',
  'instances',
  'metadata.output_gcs_uri',
  'audio',
  'audios',
  'temperature',
  'top_p',
  'previous_interaction_id',
];
const maxSeed = 4_294_967_295;

/** An extension adds 7 s, but the host reserves the price of 8 s. */
export const extendSeconds = { made: 7, charged: 8 } as const;

/**
 * veo-3.1 as the Veo-style plugin decodes it: all names of a field must agree.
 *
 * @throws {PluginRefusal}
 */
export function decodeVeo({ body, model, prompt }: CreateRequest): Decoded {
  const fields = openFields(body, { metadataText: false });
  fields.read('prompt');
  demandPrompt(prompt);
  refusePlatformFields(fields);
  const size = sizeOf(fields);
  const media = mediaOf(fields);
  const extend = media.some(({ role }) => role === 'extend');
  if (extend) refuseShape(fields);
  const seconds = extend ? extendSeconds.made : lengthOf(fields, media);
  const resolution =
    agreed(fields, { paths: resolutionFields, bySize: size?.resolution }) ?? '720p';
  const ratio = agreed(fields, { paths: ratioFields, bySize: size?.ratio }) ?? '16:9';
  oneOfChoices({ path: 'resolution', value: resolution }, ['720p', '1080p', '4k']);
  oneOfChoices({ path: 'ratio', value: ratio }, ['16:9', '9:16']);
  const audio = booleanOr(fields.first(topOrMetadata(['generate_audio', 'generateAudio'])), true);
  if (typeof (fields.read('callback_url') ?? '') !== 'string') {
    throw new PluginRefusal('callback_url must be text', 'invalid_callback_url');
  }
  const sent = {
    model,
    task: taskOf(media),
    prompt,
    duration: seconds,
    resolution,
    ratio,
    generate_audio: audio,
    content: media.map(({ kind, role, source }) => ({ type: kind, role, source })),
    seed: seedOf(fields),
    negative_prompt: negativePromptOf(fields),
  };
  return { made: { seconds, resolution, ratio, audio, media }, sent, dropped: fields.unread() };
}

function refusePlatformFields(fields: PluginFields): void {
  const refused = fields.first(refusedFields);
  if (refused !== null) throw new PluginRefusal(`${refused.path} is not supported`);
  const many = fields.all(countFields).find(({ value }) => Number(value) !== 1);
  if (many !== undefined) throw new PluginRefusal(`${many.path} must be 1`);
}

function sizeOf(fields: PluginFields): { ratio: string; resolution?: string } | undefined {
  const found = fields.first(['size']);
  if (found === null) return undefined;
  const size = sizes[String(found.value)];
  if (size === undefined) throw new PluginRefusal('size is not supported');
  return size;
}

function lengthOf(fields: PluginFields, media: readonly MadeMedium[]): number {
  const given = fields.all(lengthFields);
  const allows = (value: number): boolean => [4, 6, 8].includes(value);
  const lengths = new Set(given.map((each) => wholeNumber(each, { allows, words: '4, 6 or 8' })));
  if (lengths.size > 1) throw new PluginRefusal('duration and seconds must agree');
  const [seconds = 8] = lengths;
  if (seconds !== 8 && media.some(({ role }) => role === 'reference')) {
    throw new PluginRefusal('references demand 8 seconds');
  }
  return seconds;
}

function agreed(
  fields: PluginFields,
  { paths, bySize }: { paths: readonly string[]; bySize: string | undefined },
): string | undefined {
  const values = new Set(fields.all(paths).map(({ value }) => String(value)));
  if (bySize !== undefined) values.add(bySize);
  if (values.size > 1) throw new PluginRefusal(`${paths[0]} and its other names must agree`);
  return [...values][0];
}

function mediaOf(fields: PluginFields): MadeMedium[] {
  const videos = fields.all(videoFields).flatMap(({ value }) => textsOf(value));
  if (videos.length > 1) throw new PluginRefusal('at most one video');
  if (videos.some((source) => !/^https?:\/\//.test(source))) {
    throw new PluginRefusal('video must be an http(s) address');
  }
  const images = fields.all(imageFields).flatMap(({ value }) => textsOf(value));
  const frames = (['first', 'last'] as const).flatMap((which) =>
    textsOf(fields.first(topOrMetadata([`${which}_frame`, `${which}Frame`]))?.value)
      .slice(0, 1)
      .map((source) => image(`${which}_frame`, source)),
  );
  if (frames.length > 0 && images.length > 0) {
    throw new PluginRefusal('first_frame and last_frame cannot be combined with images');
  }
  [...images, ...frames.map(({ source }) => source)].forEach(checkImage);
  const roles = rolesOf(fields, images.length);
  const extended = videos.map((source) => ({ kind: 'video', role: 'extend', source }) as const);
  return [...extended, ...frames, ...images.map((source, at) => image(roles[at], source))];
}

/** One image is the first frame, two are first and last, three are references, unless `video_mode` is set. */
function rolesOf(fields: PluginFields, count: number): MadeMedium['role'][] {
  if (count > 3) throw new PluginRefusal('at most 3 images');
  const mode = fields.read('metadata.video_mode');
  const isReference = mode === 'reference' || fields.read('task') === 'reference_to_video';
  if (isReference || (count === 3 && mode !== 'frames')) {
    return Array.from({ length: count }, () => 'reference');
  }
  if (count > 2) throw new PluginRefusal('at most 2 frames');
  return ['first_frame', 'last_frame'];
}

function image(role: MadeMedium['role'] = 'reference', source = ''): MadeMedium {
  return { kind: 'image', role, source };
}

/** Addresses, data URIs, and Base64 by its first bytes; JPEG and PNG only. */
function checkImage(source: string): void {
  if (/^https?:\/\//.test(source)) return;
  if (/^data:image\/(png|jpe?g);base64,/.test(source)) return;
  if (/^(iVBORw0KGgo|\/9j\/)/.test(source)) return;
  throw new PluginRefusal('image must be an address, a data URI or Base64 of a JPEG or PNG');
}

function refuseShape(fields: PluginFields): void {
  const shape = fields.first([...lengthFields, 'size', ...ratioFields, ...resolutionFields]);
  if (shape !== null) throw new PluginRefusal(`${shape.path} cannot be combined with a video`);
}

function taskOf(media: readonly MadeMedium[]): string {
  if (media.some(({ role }) => role === 'extend')) return 'extend';
  if (media.some(({ role }) => role === 'reference')) return 'reference_to_video';
  return media.length > 0 ? 'image_to_video' : 'text_to_video';
}

function seedOf(fields: PluginFields): number | undefined {
  const found = fields.first(topOrMetadata(['seed']));
  if (found === null) return undefined;
  const seed = Number(found.value);
  if (Number.isInteger(seed) && seed >= 0 && seed <= maxSeed) return seed;
  throw new PluginRefusal(`${found.path} must be 0 to ${maxSeed}`);
}

function negativePromptOf(fields: PluginFields): string | undefined {
  const found = fields.first(topOrMetadata(['negative_prompt']));
  if (found === null) return undefined;
  if (typeof found.value === 'string' && found.value.length <= 2000) return found.value;
  throw new PluginRefusal(`${found.path} must have at most 2000 characters`);
}
