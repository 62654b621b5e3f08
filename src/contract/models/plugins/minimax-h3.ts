import type { PluginRules, Source } from '../catalog-types.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/minimax-h3/2.1.0/plugin.js@173ca04b',
  on: '2026-11-27',
  sure: 'run',
};

const frameFields = {
  first: ['metadata.first_frame_image', 'metadata.firstFrame', 'metadata.first_image'],
  last: ['metadata.last_frame_image', 'metadata.lastFrame', 'metadata.last_image'],
};

/** Images are first and last frame. References are in metadata only. */
export const minimaxH3: PluginRules = {
  plugin: 'minimax-h3',
  version: '2.1.0',
  source,
  first: 'metadata',
  metadata: { text: 'dropped', other: 'dropped' },
  nonText: 'dropped',
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'host', metadata: 'dropped' },
  reads: ['media', 'metadata.content'],
  models: [
    {
      ids: ['minimax-h3-768p'],
      length: {
        from: ['duration', 'seconds'],
        min: 1,
        max: 15,
        default: 5,
        text: 'number',
        loose: true,
      },
      resolution: {
        from: ['metadata.resolution', 'resolution', 'size'],
        values: ['768p'],
        default: '768p',
        form: { case: 'lower', contains: true },
      },
      ratio: {
        from: ['metadata.ratio', 'metadata.aspect_ratio', 'ratio'],
        values: ['adaptive', '21:9', '16:9', '4:3', '1:1', '3:4', '9:16'],
        default: '16:9',
      },
      size: { from: ['size'], raw: 'resolution', else: 'refused' },
      media: {
        images: {
          from: ['images', 'image', 'input_reference'],
          take: 'first list',
          max: 2,
          roles: [['first_frame'], ['first_frame', 'last_frame']],
          objects: true,
        },
        references: {
          from: [
            'metadata.reference_images',
            'metadata.referenceImages',
            'metadata.reference_image',
          ],
          take: 'first list',
          max: 9,
          roles: 'reference',
          objects: true,
        },
        videos: {
          from: [
            'videos',
            'video',
            'metadata.reference_videos',
            'metadata.referenceVideos',
            'metadata.reference_video',
          ],
          take: 'first list',
          max: 3,
          roles: 'video',
          objects: true,
        },
        audios: {
          from: [
            'metadata.reference_audios',
            'metadata.referenceAudios',
            'metadata.reference_audio',
          ],
          take: 'first list',
          max: 3,
          roles: 'audio',
          objects: true,
        },
        frames: {
          ...frameFields,
          lastAlone: 'accepted',
          withReferences: 'refused',
          withImages: 'dropped',
        },
        total: 12,
      },
      prompt: { required: 'always' },
      audio: { default: null },
      when: [
        {
          has: 'no visual',
          ratios: { not: ['adaptive'], message: '"adaptive" requires an image or a video' },
        },
      ],
    },
  ],
};
