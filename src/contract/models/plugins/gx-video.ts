import type { PluginRules, Source } from '../catalog-types.ts';

/** The vendor's limits are unknown. Inferred: the gateway refuses -1, which the plugin leaves in the body. */
const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/gx-video/1.0.1/plugin.js@b459987d',
  on: '2026-11-27',
  sure: 'source',
};

const forms = ['https'] as const;
const boolean = ['*web_search', '*camera_fixed', '*return_last_frame', '*watermark'];

/** Serves any model that is configured on its channel. Accepts https URLs only. */
export const gxVideo: PluginRules = {
  plugin: 'gx-video',
  version: '1.0.1',
  source,
  first: 'top level',
  metadata: { text: 'read', other: 'refused' },
  nonText: 'dropped',
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'refused', metadata: 'dropped' },
  reads: ['*content'],
  typed: [
    { fields: boolean, type: 'boolean' },
    { fields: ['*seed'], type: 'integer', digits: true },
    { fields: ['*output_format', '*outputFormat'], type: 'text', values: ['mp4', 'mov'] },
    {
      fields: ['*omni_reference_task_type', '*omniReferenceTaskType'],
      type: 'text',
      values: ['auto', 'edit', 'extend'],
    },
  ],
  models: [
    {
      ids: [
        'doubao-seedance-2-0-mini-260615',
        'doubao-seedance-2-0-260128',
        'doubao-seedance-2-0-fast-260128',
        'doubao-seedance-2-5-260628',
      ],
      length: { from: ['*duration', '*seconds'], min: 4, max: 30, default: 5, text: 'number' },
      resolution: {
        from: ['*resolution', '*quality', '*vquality'],
        values: ['480p', '720p', '1080p', '4k'],
        default: '720p',
        form: { case: 'lower' },
      },
      ratio: {
        from: ['*ratio', '*aspect_ratio'],
        values: ['21:9', '16:9', '4:3', '1:1', '3:4', '9:16', 'adaptive'],
        default: '16:9',
      },
      media: {
        images: {
          from: ['*images', '*image_urls', '*referenceImages', '*reference_images'],
          take: 'all',
          max: 30,
          roles: 'reference',
          forms,
          objects: true,
        },
        videos: {
          from: ['*videos', '*video_urls', '*referenceVideos', '*reference_videos'],
          take: 'all',
          max: 10,
          roles: 'video',
          forms,
          objects: true,
        },
        audios: {
          from: ['*audios', '*audio_urls', '*referenceAudios', '*reference_audios'],
          take: 'all',
          max: 10,
          roles: 'audio',
          forms,
          objects: true,
        },
        frames: {
          first: ['*firstFrame', '*first_frame'],
          last: ['*lastFrame', '*last_frame'],
          lastAlone: 'refused',
          withReferences: 'accepted',
          countAsImages: true,
        },
      },
      prompt: { required: 'unless media' },
      audio: { default: null, from: ['*generateAudio', '*generate_audio'], refuses: 'text' },
    },
  ],
};
