import type { ModelRules, PluginRules, Source } from '../catalog-types.ts';
import { unlisted } from './price-list.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/sdgo-video/1.2.1/plugin.js@fca3029f',
  on: '2026-11-27',
  sure: 'run',
};

const pictureForms = ['https', 'asset', 'tos', 'data'] as const;
const onSale = unlisted(['seconds or tokens', 'resolution', 'video_input'], {
  note: 'Declared by the plugin; not in the recorded price list.',
  source,
});

function media([images, videos, audios]: [number, number, number]): ModelRules['media'] {
  return {
    images: {
      from: [
        '*images',
        '*image_urls',
        '*referenceImages',
        '*reference_images',
        '*image',
        '*input_reference',
      ],
      take: 'all',
      max: images,
      roles: 'reference',
      forms: pictureForms,
      objects: true,
    },
    videos: {
      from: ['*videos', '*video_urls', '*referenceVideos', '*reference_videos', '*video'],
      take: 'all',
      max: videos,
      roles: 'video',
      forms: ['https', 'asset', 'tos'],
      objects: true,
    },
    audios: {
      from: ['*audios', '*audio_urls', '*referenceAudios', '*reference_audios', '*audio'],
      take: 'all',
      max: audios,
      roles: 'audio',
      forms: pictureForms,
      objects: true,
    },
    frames: {
      first: ['*firstFrame', '*first_frame'],
      last: ['*lastFrame', '*last_frame'],
      lastAlone: 'refused',
      withReferences: 'refused',
      countAsImages: true,
    },
  };
}

function seedance(resolutions: string[], charged: number): Omit<ModelRules, 'ids'> {
  return {
    onSale,
    length: {
      from: ['*duration', '*seconds'],
      min: 4,
      max: charged,
      auto: { value: -1, charged },
      default: 5,
      text: 'number',
    },
    resolution: {
      from: ['*resolution', '*quality', '*vquality', 'size'],
      agreeWith: ['size', 'metadata.size'],
      values: resolutions,
      default: '720p',
      form: { case: 'lower' },
    },
    ratio: {
      from: ['*ratio', '*aspect_ratio', 'size'],
      agreeWith: ['size'],
      values: ['16:9', '4:3', '1:1', '3:4', '9:16', '21:9', 'adaptive'],
      default: 'adaptive',
    },
    size: { from: ['*size'], words: ['ratio', 'resolution'], else: 'forwarded' },
    media: media([9, 3, 3]),
    prompt: { required: 'unless media' },
    audio: { default: null, from: ['*generateAudio', '*generate_audio'], refuses: 'text' },
  };
}

const notOn2 = {
  fields: ['*seed', '*camera_fixed', '*service_tier', '*frames', '*draft'],
  message: 'Seedance 2 does not accept it',
} as const;
const only25 = {
  fields: [
    '*output_format',
    '*outputFormat',
    '*omni_reference_task_type',
    '*omniReferenceTaskType',
  ],
  message: 'Only Seedance 2.5 accepts it',
} as const;

function seedance20(resolutions: string[]): Omit<ModelRules, 'ids'> {
  const rules = seedance(resolutions, 15);
  return {
    ...rules,
    media: { ...rules.media, audioNeedsVisual: true },
    refuses: [notOn2, only25],
  };
}

const seedance25 = seedance(['480p', '720p', '1080p'], 30);

/** Metadata takes precedence over the top level. Unknown fields of both are forwarded to the vendor. */
export const sdgoVideo: PluginRules = {
  plugin: 'sdgo-video',
  version: '1.2.1',
  source,
  first: 'metadata',
  metadata: { text: 'read', other: 'refused' },
  nonText: 'dropped',
  unknown: { top: 'forwarded', metadata: 'forwarded' },
  callback: { top: 'refused', metadata: 'refused' },
  typed: [{ fields: ['*priority'], type: 'integer', min: 0, max: 9, digits: true }],
  models: [
    { ids: ['doubao-seedance-2-0-mini-260615'], ...seedance20(['480p', '720p']) },
    { ids: ['doubao-seedance-2-0-fast-260128'], ...seedance20(['480p', '720p']) },
    { ids: ['doubao-seedance-2-0-260128'], ...seedance20(['480p', '720p', '1080p', '4k']) },
    {
      ids: ['doubao-seedance-2-5-260628'],
      ...seedance25,
      length: { ...seedance25.length, default: 'auto' },
      media: media([30, 10, 10]),
      refuses: [notOn2],
      typed: [
        {
          fields: ['*output_format', '*outputFormat'],
          type: 'text',
          values: ['mp4', 'mov'],
        },
        {
          fields: ['*omni_reference_task_type', '*omniReferenceTaskType'],
          type: 'text',
          values: ['auto', 'reference', 'edit', 'extend'],
        },
      ],
      when: [
        {
          has: 'frames',
          ratios: { only: ['adaptive'], message: 'Frames require "adaptive" on Seedance 2.5' },
        },
        {
          has: 'videos',
          unless: {
            fields: ['*omni_reference_task_type', '*omniReferenceTaskType'],
            otherThan: 'auto',
          },
          autoLength: {
            message:
              'With a reference video the vendor is sent -1 and chooses the length; the estimate uses yours',
          },
        },
      ],
    },
  ],
};
