import type {
  LengthRules,
  ModelRules,
  PluginRules,
  ResolutionRules,
  SizeRules,
  Source,
} from '../catalog-types.ts';
import { listed, unlisted } from './price-list.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/xm-video/3.2.2/plugin.js@34f0a735',
  on: '2026-11-27',
  sure: 'run',
};

const standard: Source = { at: 'standard page of 88API', on: '2026-10-08', sure: 'documented' };

const length: LengthRules = {
  from: ['duration', 'seconds'],
  min: 4,
  max: 15,
  default: 5,
  text: 'number',
  zeroIsAbsent: true,
};
const upTo30: LengthRules = { ...length, max: 30 };

const asked = ['*resolution', '*quality', '*vquality', 'size'];
const form = { case: 'lower', addP: 'digits', numbers: true } as const;

function fixed(resolution: string): ResolutionRules {
  return { fixed: resolution, other: 'ignored', from: asked, default: resolution, form };
}

/** Models without a resolution in their id use the first one by default, and are priced by it. */
function tiers(...values: [string, ...string[]]): ResolutionRules {
  const tell = values.length > 1 ? ({ tellDefault: true } as const) : {};
  return { from: asked, values, default: values[0], form, ...tell };
}

const ratioFields = ['*ratio', '*aspect_ratio', 'size'];
const five = ['16:9', '9:16', '1:1', '4:3', '3:4'];
const landscape = { from: ratioFields, values: [...five, '21:9'], default: '16:9' };

const size: SizeRules = {
  from: ['*size'],
  words: ['ratio'],
  table: {
    '854x480': { ratio: '16:9', resolution: '480p' },
    '480x854': { ratio: '9:16', resolution: '480p' },
    '1280x720': { ratio: '16:9', resolution: '720p' },
    '720x1280': { ratio: '9:16', resolution: '720p' },
    '1920x1080': { ratio: '16:9', resolution: '1080p' },
    '1080x1920': { ratio: '9:16', resolution: '1080p' },
    '2560x1440': { ratio: '16:9', resolution: '2k' },
    '1440x2560': { ratio: '9:16', resolution: '2k' },
    '3840x2160': { ratio: '16:9', resolution: '4k' },
    '2160x3840': { ratio: '9:16', resolution: '4k' },
    '1024x1024': { ratio: '1:1' },
    '1440x1440': { ratio: '1:1' },
    '1920x1440': { ratio: '4:3' },
    '1440x1920': { ratio: '3:4' },
    '3360x1440': { ratio: '21:9' },
  },
  else: 'default',
};

const images = [
  'images',
  'image',
  'input_reference',
  '*referenceImages',
  '*reference_images',
  '*image_urls',
  'metadata.images',
  'metadata.image',
  '*file_paths',
];
const videos = ['*referenceVideos', '*reference_videos', '*video_urls', '*videos', '*video'];
const audios = ['*referenceAudios', '*reference_audios', '*audio_urls', '*audios', '*audio'];

const lists = { take: 'first list', skips: 'single' } as const;

/** Maximum number of images, videos and audios. URLs are forwarded unchecked; the vendor checks their form. */
function media(counts: [number, number, number], withReferences: 'refused' | 'accepted') {
  const [maxImages, maxVideos, maxAudios] = counts;
  return {
    images: { from: images, ...lists, max: maxImages, roles: 'reference' },
    videos: { from: videos, ...lists, max: maxVideos, roles: 'video' },
    audios: { from: audios, ...lists, max: maxAudios, roles: 'audio' },
    frames: {
      first: ['*firstFrame', '*first_frame', '*first_image'],
      last: ['*lastFrame', '*last_frame', '*last_image'],
      lastAlone: 'refused',
      withReferences,
    },
  } as const;
}

const prompt = { required: 'always' } as const;
const orMedia = { required: 'unless media' } as const;
const audioFields = ['*generateAudio', '*generate_audio'];
const noSwitch = { default: null, from: audioFields, refuses: 'all' } as const;

type Series = Omit<ModelRules, 'ids' | 'onSale' | 'resolution'>;

/** Sound is on by default (sales text of 2026-09-17). */
const sd25: Series = {
  size,
  length: upTo30,
  ratio: {
    from: ratioFields,
    values: ['auto', '1:1', '21:9', '16:9', '9:16', '3:4', '4:3'],
    default: 'auto',
    depends: ['auto'],
  },
  media: media([30, 10, 10], 'refused'),
  prompt,
  audio: { default: true, from: audioFields, refuses: 'text' },
};

/** Sound is always on (sales text of 2026-09-17). */
const sd20: Series = {
  size,
  length,
  ratio: { ...landscape, default: '1:1', tellDefault: 'always' },
  media: { ...media([9, 3, 3], 'refused'), total: 12 },
  prompt: orMedia,
  audio: { default: true, from: audioFields, refuses: 'all' },
};

const klingMedia = media([30, 10, 0], 'accepted');
const kling: Series = {
  size,
  length,
  ratio: { from: ratioFields, values: ['16:9', '9:16', '1:1'], default: '16:9' },
  media: {
    ...klingMedia,
    images: { ...klingMedia.images, objects: true },
    frames: { ...klingMedia.frames, countAsImages: true },
  },
  prompt: { required: 'always', maxChars: 2000 },
  audio: { default: null, from: audioFields, refuses: 'text' },
};

const mini: Series = {
  size,
  length,
  ratio: landscape,
  media: media([9, 3, 3], 'accepted'),
  prompt,
  audio: noSwitch,
};

const official: Series = {
  ...mini,
  length: { ...length, default: 4 },
  media: media([9, 3, 3], 'refused'),
};
const official25: Series = {
  ...official,
  length: { ...upTo30, default: 4 },
  media: media([30, 10, 10], 'refused'),
};

const wan: Series = {
  size,
  length: upTo30,
  ratio: { from: ratioFields, values: five, default: '16:9' },
  media: media([10, 5, 5], 'refused'),
  prompt: orMedia,
  audio: noSwitch,
};

const series = (note = 'A series name: the resolution decides the price.') =>
  unlisted(['seconds', 'resolution'], { note, source: { ...source, sure: 'source' } });

/** Accepts reference images and frames, and lengths in whole seconds. Unknown fields are dropped. */
export const xmVideo: PluginRules = {
  plugin: 'xm-video',
  version: '3.2.2',
  source,
  first: 'top level',
  metadata: { text: 'read', other: 'refused' },
  nonText: 'dropped',
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'refused', metadata: 'dropped' },
  reads: ['*negative_prompt', '*camera_control', '*media'],
  typed: [{ fields: ['*seed'], type: 'integer' }],
  models: [
    { ids: ['SD2.5 480P'], onSale: listed(0.45), resolution: fixed('480p'), ...sd25 },
    { ids: ['SD2.5 720P'], onSale: listed(0.95), resolution: fixed('720p'), ...sd25 },
    { ids: ['SD2.5 1080P'], onSale: listed(1.6), resolution: fixed('1080p'), ...sd25 },
    { ids: ['SD2.5'], onSale: series(), resolution: tiers('480p', '720p', '1080p'), ...sd25 },
    { ids: ['SD2.0 480P'], onSale: listed(0.35), resolution: fixed('480p'), ...sd20 },
    { ids: ['SD2.0 720P'], onSale: listed(0.85), resolution: fixed('720p'), ...sd20 },
    { ids: ['SD2.0 1080P'], onSale: listed(1.4), resolution: fixed('1080p'), ...sd20 },
    {
      ids: ['SD2.0 4k', 'SD2.0 4K'],
      onSale: unlisted(['seconds'], { note: 'The plugin knows both spellings.', source: standard }),
      resolution: fixed('4k'),
      ...sd20,
    },
    { ids: ['SD2.0'], onSale: series(), resolution: tiers('480p', '720p', '1080p', '4k'), ...sd20 },
    { ids: ['kling-3.0-turbo-720p'], onSale: listed(0.8), resolution: fixed('720p'), ...kling },
    { ids: ['kling-3.0-turbo-1080p'], onSale: listed(1.1), resolution: fixed('1080p'), ...kling },
    { ids: ['kling-3.0-turbo-2k'], onSale: listed(1.2), resolution: fixed('2k'), ...kling },
    { ids: ['kling-3.0-turbo-4k'], onSale: listed(1.5), resolution: fixed('4k'), ...kling },
    {
      ids: ['kling-3.0-turbo'],
      onSale: series(),
      resolution: tiers('720p', '1080p', '2k', '4k'),
      ...kling,
    },
    { ids: ['seedance-2.0-mini-480p'], onSale: listed(0.21), resolution: fixed('480p'), ...mini },
    { ids: ['seedance-2.0-mini-720p'], onSale: listed(0.33), resolution: fixed('720p'), ...mini },
    {
      ids: ['seedance-2.0-mini官方版'],
      onSale: series(),
      resolution: tiers('480p', '720p'),
      ...mini,
    },
    {
      ids: ['Seedance-2.5-720p官方版'],
      onSale: listed(1.2),
      resolution: fixed('720p'),
      ...official25,
    },
    {
      ids: ['Seedance-2.0-720p官方版'],
      onSale: listed(0.8),
      resolution: fixed('720p'),
      ...official,
    },
    {
      ids: ['Seedance-2.0-fast-720p官方版'],
      onSale: listed(0.6),
      resolution: fixed('720p'),
      ...official,
    },
    { ids: ['seedance-2.5官方版'], onSale: series(), resolution: tiers('720p'), ...official25 },
    {
      ids: ['seedance-2.0官方版', 'seedance-2.0-fast官方版'],
      onSale: series(),
      resolution: tiers('720p'),
      ...official,
    },
    {
      ids: ['wan3.0-video-480p'],
      onSale: listed(0.3, {
        note: 'Sold with 10 images, 5 videos, 5 audios; the plugin takes more.',
      }),
      resolution: fixed('480p'),
      ...wan,
      media: media([30, 10, 10], 'accepted'),
    },
    { ids: ['wan3.0-video-720p'], onSale: listed(0.6), resolution: fixed('720p'), ...wan },
    { ids: ['wan3.0-video-1080p'], onSale: listed(1.1), resolution: fixed('1080p'), ...wan },
    {
      ids: ['minimax-h3-768p'],
      size,
      onSale: listed(0.1, { note: 'The sales text has exactly the limits of xm-video.' }),
      resolution: fixed('768p'),
      length: { ...length, default: 4 },
      ratio: { from: ratioFields, values: ['1:1', '16:9', '9:16'], default: '16:9' },
      media: { ...media([10, 5, 5], 'accepted'), audioNeedsVisual: true },
      prompt: { required: 'always', maxChars: 2500 },
      audio: noSwitch,
    },
  ],
};
