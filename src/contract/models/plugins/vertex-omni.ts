import type { ModelRules, PluginRules, SizeRules, Source, TaskLimits } from '../catalog-types.ts';
import { listed, unlisted } from './price-list.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/vertex-omni/1.7.0/plugin.js@8d396f5b',
  on: '2026-11-27',
  sure: 'run',
};

const lengthFields = [
  'duration',
  'seconds',
  'metadata.duration_seconds',
  'metadata.durationSeconds',
];
const resolutionFields = ['resolution', 'metadata.resolution', 'output', 'metadata.output', 'size'];
const ratioFields = [
  'aspect_ratio',
  'ratio',
  'metadata.aspect_ratio',
  'metadata.aspectRatio',
  'size',
];
const taskFields = ['task', 'task_type', 'metadata.task', 'metadata.task_type'];

const size: SizeRules = {
  from: ['size'],
  table: {
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
  },
  else: 'refused',
};
/** Omni makes 720p if 360p is requested. */
const liftedSize: SizeRules = {
  ...size,
  table: {
    ...size.table,
    '640x360': { ratio: '16:9', resolution: '720p', lifted: true },
    '360x640': { ratio: '9:16', resolution: '720p', lifted: true },
  },
};

const frames = {
  first: ['*first_frame', '*firstFrame'],
  last: ['*last_frame', '*lastFrame'],
  lastAlone: 'refused',
  withReferences: 'accepted',
  withImages: 'refused',
} as const;
const images = {
  from: ['image', 'images', 'input_reference'],
  lists: ['images'],
  take: 'all',
  // The task determines it.
  roles: 'reference',
  forms: ['https', 'http', 'data', 'base64'],
} as const;
const videos = {
  from: ['video', 'videos'],
  lists: ['videos'],
  take: 'all',
  roles: 'video',
  forms: ['https', 'http'],
} as const;

const platform = 'The plugin sets it itself and refuses it here; leave it out';
const noAudio = 'This model takes no audio';

type Common = Pick<ModelRules, 'prompt' | 'ratio'>;
const common: Common = {
  prompt: { required: 'always' },
  ratio: { from: ratioFields, agree: true, values: ['16:9', '9:16'], default: '16:9' },
};

const form = { case: 'exact' } as const;
const none: readonly [number, number] = [0, 0];
const textToVideo: TaskLimits = { images: none, videos: none };

/** An extension adds 7 s to the given video; 8 s are reserved. */
const veo: Omit<ModelRules, 'ids' | 'onSale'> = {
  ...common,
  length: { from: lengthFields, agree: true, values: [4, 6, 8], default: 8, text: 'digits' },
  resolution: {
    from: resolutionFields,
    agree: true,
    values: ['720p', '1080p', '4k'],
    default: '720p',
    form,
  },
  size,
  media: {
    images: { ...images, types: ['image/jpeg', 'image/png'] },
    videos,
    frames: { ...frames, lastAlone: 'with one image' },
  },
  audio: {
    default: true,
    from: ['*generate_audio', '*generateAudio'],
    refuses: 'text',
  },
  tasks: {
    from: taskFields,
    modes: {
      field: 'metadata.video_mode',
      tasks: { frames: 'image_to_video', reference: 'reference_to_video' },
    },
    ofVideo: 'extend',
    ofTwo: 'image_to_video',
    known: ['text_to_video', 'image_to_video', 'reference_to_video', 'extend'],
    rules: {
      text_to_video: textToVideo,
      image_to_video: { images: [1, 2], videos: none },
      reference_to_video: { images: [1, 3], videos: none, lengths: [8] },
      extend: {
        images: none,
        videos: [1, 1],
        refuses: ['length', 'ratio', 'resolution'],
        charged: 8,
      },
    },
  },
  typed: [
    { fields: ['*seed'], type: 'integer', min: 0, max: 4_294_967_295, digits: true },
    { fields: ['*negative_prompt', '*negativePrompt'], type: 'text', max: 2000 },
  ],
  refuses: [
    { fields: ['parameters', 'instances'], message: platform },
    {
      fields: ['*temperature', '*top_p', '*topP', '*previous_interaction_id'],
      message: 'Veo does not accept it',
    },
  ],
};

/** An extension makes about 10 s; 11 s are reserved. */
function omni(known: string[], resolutions: string[]): Omit<ModelRules, 'ids' | 'onSale'> {
  return {
    ...common,
    length: { from: lengthFields, agree: true, min: 3, max: 10, default: 3, text: 'digits' },
    resolution: { from: resolutionFields, agree: true, values: resolutions, default: '720p', form },
    size: liftedSize,
    media: {
      images: {
        ...images,
        types: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'],
      },
      videos,
      frames,
    },
    audio: { default: null },
    tasks: {
      from: taskFields,
      ofVideo: 'edit',
      ofTwo: 'reference_to_video',
      known,
      rules: {
        text_to_video: textToVideo,
        image_to_video: { images: [1, 2], videos: none },
        reference_to_video: { images: [0, 10], videos: [0, 3] },
        edit: { images: none, videos: [1, 1], refuses: ['ratio'] },
        extend: {
          images: none,
          videos: [1, 1],
          resolutions: ['720p', '1080p'],
          refuses: ['length', 'ratio'],
          charged: 11,
        },
      },
    },
    typed: [
      { fields: ['*temperature'], type: 'number', min: 0, max: 2 },
      { fields: ['*top_p', '*topP'], type: 'number', min: 0, max: 1 },
    ],
  };
}

const threeTasks = ['text_to_video', 'image_to_video', 'reference_to_video'];
const bySize = { dimensions: ['seconds', 'resolution'] };

/** All fields with the same meaning must be equal. The gateway fetches URLs before it calls the vendor. */
export const vertexOmni: PluginRules = {
  plugin: 'vertex-omni',
  version: '1.7.0',
  source,
  first: 'top level',
  metadata: { text: 'refused', other: 'refused' },
  nonText: 'refused',
  blankIsValue: true,
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'host', metadata: 'dropped' },
  typed: [
    {
      fields: [
        '*input_duration',
        '*inputDuration',
        'source_duration',
        'sourceDuration',
        'metadata.video_duration',
        'metadata.videoDuration',
      ],
      type: 'number',
      min: 1,
      max: 30,
    },
  ],
  refuses: [
    {
      fields: ['n', 'sample_count', 'metadata.sampleCount', 'metadata.candidate_count'],
      except: 1,
      message: 'A request makes one video; leave it out, or send 1',
    },
    {
      fields: ['response_format', 'generation_config', 'background', 'store', 'stream'],
      message: platform,
    },
    { fields: ['metadata.output_gcs_uri'], message: platform },
    { fields: ['*audio', '*audios'], message: noAudio },
  ],
  models: [
    {
      ids: ['veo-3.1'],
      onSale: listed(0.25, {
        byResolution: { '4k': 0.375 },
        ...bySize,
        note: 'Sold as 720P and 1080P; plugin and price list know 4k, too.',
      }),
      ...veo,
    },
    {
      ids: ['veo-3.1-fast'],
      onSale: listed(0.1, { byResolution: { '4k': 0.2333333 }, ...bySize }),
      ...veo,
    },
    {
      ids: ['gemini-omni-flash'],
      onSale: listed(0.2, bySize),
      ...omni(threeTasks, ['720p']),
      refuses: [
        {
          fields: ['*previous_interaction_id'],
          message: 'This model cannot continue an earlier video',
        },
      ],
    },
    {
      ids: ['gemini-omni-flash-1.1'],
      onSale: unlisted(bySize.dimensions, { note: 'Declared by the plugin.', source }),
      ...omni([...threeTasks, 'edit', 'extend'], ['720p', '1080p', '4k']),
      reads: ['*previous_interaction_id'],
    },
  ],
};
