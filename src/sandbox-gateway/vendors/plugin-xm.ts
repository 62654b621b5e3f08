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
import type { MadeMedium, MadeVideo } from './vendor-plan.ts';

const ratios = ['auto', '1:1', '21:9', '16:9', '9:16', '3:4', '4:3'];
const tiers = ['480p', '720p', '1080p'];

/** Known pixel sizes: a shape and, for the wide ones, a resolution. Others are ignored. */
const sizes: Record<string, { ratio: string; resolution?: string }> = {
  ...wide('854x480', '480x854', '480p'),
  ...wide('1280x720', '720x1280', '720p'),
  ...wide('1920x1080', '1080x1920', '1080p'),
  ...wide('2560x1440', '1440x2560', '2k'),
  ...wide('3840x2160', '2160x3840', '4k'),
  '1024x1024': { ratio: '1:1' },
  '1440x1440': { ratio: '1:1' },
  '1920x1440': { ratio: '4:3' },
  '1440x1920': { ratio: '3:4' },
  '3360x1440': { ratio: '21:9' },
};

const most = { image: 30, video: 10, audio: 10 } as const;

/** Only the first non-empty list counts. */
const imageLists = [
  'images',
  'image',
  'input_reference',
  ...topOrMetadata(['referenceImages', 'reference_images']),
  'image_urls',
  'metadata.images',
  'metadata.image',
  'file_paths',
];
const videoLists = topOrMetadata(['referenceVideos', 'reference_videos', 'videos', 'video']);
const audioLists = topOrMetadata(['referenceAudios', 'reference_audios', 'audios', 'audio']);

/** Result of a plugin: the video, the vendor's body, and dropped fields. */
export interface Decoded {
  made: MadeVideo;
  sent: Record<string, unknown>;
  dropped: string[];
}

/**
 * SD2.5 as the xm-style plugin decodes it. The name determines the resolution; for the series, the body does.
 *
 * @throws {PluginRefusal}
 */
export function decodeXm({ body, model, prompt }: CreateRequest): Decoded {
  const fields = openFields(body, { metadataText: true });
  fields.read('prompt');
  if (fields.read('callback_url') !== undefined) {
    throw new PluginRefusal('callback_url is not supported; poll the task');
  }
  const seconds = lengthOf(fields);
  const size = sizes[String(body['size'])];
  const resolution = resolutionOf(fields, { model, bySize: size?.resolution });
  const ratio = ratioOf(fields, { model, size: body['size'], bySize: size?.ratio });
  const media = mediaOf(fields);
  demandPrompt(prompt);
  const audio = booleanOr(fields.first(topOrMetadata(['generate_audio', 'generateAudio'])), true);
  const sources = (kind: string, role: string): string[] =>
    media.filter((each) => each.kind === kind && each.role === role).map(({ source }) => source);
  const sent = {
    model,
    prompt,
    duration: seconds,
    resolution,
    ratio,
    generateAudio: audio,
    firstFrame: sources('image', 'first_frame')[0],
    lastFrame: sources('image', 'last_frame')[0],
    referenceImages: sources('image', 'reference'),
    referenceVideos: sources('video', 'reference'),
    referenceAudios: sources('audio', 'reference'),
    seed: seedOf(fields),
    negativePrompt: fields.first(topOrMetadata(['negative_prompt']))?.value,
    media: fields.read('media'),
    camera_control: fields.read('camera_control'),
  };
  return { made: { seconds, resolution, ratio, audio, media }, sent, dropped: fields.unread() };
}

function wide(
  landscape: string,
  portrait: string,
  resolution: string,
): Record<string, { ratio: string; resolution: string }> {
  return {
    [landscape]: { ratio: '16:9', resolution },
    [portrait]: { ratio: '9:16', resolution },
  };
}

/** Reads only the top level; 0 counts as missing; `duration` takes precedence silently. */
function lengthOf(fields: PluginFields): number {
  const named = fields.first(['duration']);
  const isMissing = named === null || named.value === 0 || named.value === '0';
  const found = isMissing ? fields.first(['seconds']) : named;
  if (found === null || found.value === 0 || found.value === '0') return 5;
  const allows = (value: number): boolean => value >= 4 && value <= 30;
  return wholeNumber(found, { allows, words: 'a whole number from 4 to 30' });
}

function resolutionOf(
  fields: PluginFields,
  { model, bySize }: { model: string; bySize: string | undefined },
): string {
  const fixed = /\d+P$/.exec(model)?.[0];
  if (fixed !== undefined) return fixed.toLowerCase();
  const found = fields.first(topOrMetadata(['resolution', 'quality', 'vquality']));
  if (found === null) {
    if (bySize === undefined) return '480p';
    fields.read('size');
    return oneOfChoices({ path: 'size', value: bySize }, tiers);
  }
  const word = String(found.value).toLowerCase();
  return oneOfChoices({ path: found.path, value: /^\d+$/.test(word) ? `${word}p` : word }, tiers);
}

/** The channel of the series maps to one variant, which requires a shape after the channel is chosen. */
function ratioOf(
  fields: PluginFields,
  { model, size, bySize }: { model: string; size: unknown; bySize: string | undefined },
): string {
  const found = fields.first(['ratio', 'metadata.ratio', 'aspect_ratio', 'metadata.aspect_ratio']);
  const ratio =
    found === null ? ratioOfSize(fields, { size, bySize }) : oneOfChoices(found, ratios);
  if (model === 'SD2.5' && ratio === 'auto') {
    throw new PluginRefusal('ratio must be a concrete ratio', 'plugin_request_invalid');
  }
  return ratio;
}

/** An unknown size has no effect. */
function ratioOfSize(
  fields: PluginFields,
  { size, bySize }: { size: unknown; bySize: string | undefined },
): string {
  const ratio = bySize ?? ratios.find((each) => each === size);
  if (ratio !== undefined) fields.read('size');
  return ratio ?? 'auto';
}

function mediaOf(fields: PluginFields): MadeMedium[] {
  const frames = (['first', 'last'] as const).flatMap((which) => {
    const names = [`${which}Frame`, `${which}_frame`, `${which}_image`];
    return textsOf(fields.first(topOrMetadata(names))?.value)
      .slice(0, 1)
      .map((source) => ({ kind: 'image' as const, role: `${which}_frame` as const, source }));
  });
  const references = [
    ...referencesOf(fields, { kind: 'image', lists: imageLists }),
    ...referencesOf(fields, { kind: 'video', lists: videoLists }),
    ...referencesOf(fields, { kind: 'audio', lists: audioLists }),
  ];
  if (frames.length > 0 && references.length > 0) {
    throw new PluginRefusal('first and last frames cannot be combined with references');
  }
  if (frames.length === 1 && frames[0]?.role === 'last_frame') {
    throw new PluginRefusal('a last frame needs a first frame');
  }
  return [...frames, ...references];
}

function referencesOf(
  fields: PluginFields,
  { kind, lists }: { kind: MadeMedium['kind']; lists: readonly string[] },
): MadeMedium[] {
  const full = lists.find((path) => textsOf(fields.first([path])?.value).length > 0);
  const sources = full === undefined ? [] : textsOf(fields.read(full));
  if (sources.length > most[kind]) throw new PluginRefusal(`at most ${most[kind]} ${kind}s`);
  return sources.map((source) => ({ kind, role: 'reference', source }));
}

function seedOf(fields: PluginFields): number | undefined {
  const found = fields.first(topOrMetadata(['seed']));
  if (found === null) return undefined;
  if (Number.isInteger(found.value)) return found.value as number;
  throw new PluginRefusal(`${found.path} must be an integer`);
}
