import type { LengthRules, ModelRules, PluginRules, SizeRules, Source } from '../catalog-types.ts';
import { unlisted } from './price-list.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/alibaba/plugin.js@894fd1a1',
  on: '2026-11-27',
  sure: 'run',
};

const lengthFields = ['metadata.parameters.duration', 'duration', 'seconds'];
const length = { from: lengthFields, default: 5, text: 'number' } as const;

/** Pixel sizes by resolution and ratio. All are read. A model of kind `size` receives only those of the older table. */
const older: Record<string, Record<string, string>> = {
  '480P': { '16:9': '832x480', '9:16': '480x832', '1:1': '624x624' },
  '720P': {
    '16:9': '1280x720',
    '9:16': '720x1280',
    '1:1': '960x960',
    '4:3': '1088x832',
    '3:4': '832x1088',
  },
  '1080P': {
    '16:9': '1920x1080',
    '9:16': '1080x1920',
    '1:1': '1440x1440',
    '4:3': '1632x1248',
    '3:4': '1248x1632',
  },
};
const newer = {
  '720P': { '4:3': '1104x832', '3:4': '832x1104' },
  '1080P': { '4:3': '1648x1248', '3:4': '1248x1648' },
};

const table = Object.fromEntries(
  [older, newer].flatMap((sizes) =>
    Object.entries(sizes).flatMap(([resolution, ratios]) =>
      Object.entries(ratios).map(([ratio, pixels]) => [pixels, { ratio, resolution }] as const),
    ),
  ),
);

const size: SizeRules = {
  from: ['metadata.parameters.size', 'size'],
  table,
  star: true,
  words: ['resolution'],
  else: 'refused',
};

function resolution(values: string[], preferred = '1080P'): ModelRules['resolution'] {
  return {
    from: ['metadata.parameters.resolution', 'resolution', 'size'],
    values,
    default: preferred,
    form: { case: 'upper', addP: 'always', numbers: true },
  };
}

const ratioFields = ['metadata.parameters.ratio', 'ratio', 'size'];
const five = ['16:9', '9:16', '1:1', '4:3', '3:4'];
const ofPicture = { from: ratioFields, default: null, ofPicture: true } as const;

const images = {
  from: [
    'images',
    'image',
    'input_reference',
    'metadata.input.img_url',
    'img_url',
    'metadata.input.first_frame_url',
    'first_frame_url',
  ],
  take: 'first list',
} as const;

const seed = (min: number) =>
  ({
    fields: ['metadata.parameters.seed', 'seed'],
    type: 'integer',
    min,
    max: 2_147_483_647,
  }) as const;

const onSale = unlisted(['seconds', 'resolution'], {
  note: 'Not in the recorded price list; other deployments may sell it.',
  source,
});
const audio = { default: null } as const;

type Kind = Omit<ModelRules, 'ids' | 'length' | 'resolution'>;

/** Text models: an image is forwarded, but the model does not use it. */
const text: Kind = {
  onSale,
  ratio: { from: ratioFields, values: five, default: '16:9' },
  size,
  media: { images: { ...images, roles: 'unused' } },
  prompt: { required: 'always' },
  audio,
  typed: [seed(0)],
};
const bySize: Kind = { ...text, ratio: { ...text.ratio, byResolution: older } };

/** Image models keep the aspect ratio of the image. */
function ofImage(roles: 'first_frame' | 'frames'): Kind {
  const frames = [['first_frame'], ['first_frame', 'last_frame']] as const;
  return {
    onSale,
    ratio: ofPicture,
    size,
    media: {
      images: {
        ...images,
        roles: roles === 'frames' ? frames : 'first_frame',
        uses: roles === 'frames' ? 2 : 1,
      },
      imageRequired: true,
      entries: {
        from: ['metadata.input.media', 'media'],
        max: { first_frame: 1, last_frame: 1, driving_audio: 1, first_clip: 1 },
      },
    },
    prompt: { required: 'never' },
    audio,
    typed: [seed(0)],
  };
}

/** Price: seconds of input and output. With a reference video, or if the vendor chooses, 30 s are reserved. */
const wan3: Omit<ModelRules, 'ids'> = {
  onSale: { ...onSale, dimensions: ['seconds (input + output)', 'resolution'] },
  length: { ...length, min: 2, max: 30, auto: { value: -1, charged: 30 } },
  resolution: resolution(['480P', '720P', '1080P']),
  ratio: { from: ratioFields, values: [...five, 'adaptive', '21:9'], default: 'adaptive' },
  size,
  media: {
    images: { ...images, roles: [['first_frame'], ['first_frame', 'last_frame']], uses: 2 },
    entries: {
      from: ['metadata.input.media', 'media'],
      max: {
        first_frame: 1,
        last_frame: 1,
        file: 1,
        link: 1,
        reference_image: 10,
        reference_video: 5,
        reference_audio: 5,
      },
    },
  },
  prompt: { required: 'unless media' },
  audio,
  typed: [seed(-1)],
};

const upTo15: LengthRules = { ...length, min: 2, max: 15 };
const fiveOrTen: LengthRules = { ...length, values: [5, 10] };
const onlyFive: LengthRules = { ...length, values: [5] };
const two = ['720P', '1080P'];
const three = ['480P', '720P', '1080P'];

/** `metadata.parameters` and `metadata.input` are forwarded and take precedence. Other keys of metadata are dropped. */
export const alibaba: PluginRules = {
  plugin: 'alibaba',
  version: '1.4.2',
  source,
  first: 'metadata',
  metadata: { text: 'refused', other: 'refused' },
  nonText: 'refused',
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'host', metadata: 'dropped' },
  reads: [
    'metadata.input',
    'metadata.parameters',
    'metadata.model',
    'negative_prompt',
    'image_url',
    'first_frame_url',
    'last_frame_url',
    'audio_url',
    'template',
    'media',
    'img_url',
    'shot_type',
    'auto_duration',
  ],
  typed: [
    {
      fields: [
        'metadata.parameters.prompt_extend',
        'prompt_extend',
        'metadata.parameters.watermark',
        'watermark',
        'metadata.parameters.audio',
        'audio',
      ],
      type: 'boolean',
    },
  ],
  models: [
    { ids: ['wan3.0-video', 'wan3.0-video-prime'], ...wan3 },
    { ids: ['wan2.7-t2v*'], length: upTo15, resolution: resolution(two), ...text },
    { ids: ['wan2.7-i2v*'], length: upTo15, resolution: resolution(two), ...ofImage('frames') },
    { ids: ['wan2.6-t2v'], length: upTo15, resolution: resolution(two), ...bySize },
    {
      ids: ['wan2.6-i2v', 'wan2.6-i2v-flash'],
      length: upTo15,
      resolution: resolution(two),
      ...ofImage('first_frame'),
    },
    { ids: ['wan2.5-t2v-preview'], length: fiveOrTen, resolution: resolution(three), ...bySize },
    {
      ids: ['wan2.5-i2v-preview'],
      length: fiveOrTen,
      resolution: resolution(three),
      ...ofImage('first_frame'),
    },
    {
      ids: ['wan2.2-kf2v-flash'],
      length: onlyFive,
      resolution: resolution(three, '720P'),
      ...ofImage('frames'),
    },
  ],
};
