import type { PluginRules, Source } from '../catalog-types.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/minimax-h3-async/1.0.0/plugin.js@e3627022',
  on: '2026-11-27',
  sure: 'run',
};

const videosAndFrames = [
  '*videos',
  '*video',
  '*reference_videos',
  '*referenceVideos',
  '*reference_video',
  '*first_frame_image',
  '*firstFrame',
  '*first_image',
  '*last_frame_image',
  '*lastFrame',
  '*last_image',
];

/** All fields with the same meaning must be equal. Images are references; there are no frames. */
export const minimaxH3Async: PluginRules = {
  plugin: 'minimax-h3-async',
  version: '1.0.0',
  source,
  first: 'top level',
  metadata: { text: 'refused', other: 'refused' },
  nonText: 'refused',
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'dropped', metadata: 'dropped' },
  reads: ['*content', 'media'],
  typed: [{ fields: ['*seed'], type: 'integer', digits: true }],
  refuses: [{ fields: videosAndFrames, message: 'This plugin accepts no videos and no frames' }],
  models: [
    {
      ids: ['minimax-h3-768p'],
      length: {
        from: ['duration', 'seconds', 'metadata.duration', 'metadata.seconds'],
        agree: true,
        min: 1,
        max: 15,
        default: 5,
        text: 'digits',
      },
      resolution: {
        fixed: '768p',
        other: 'refused',
        from: ['resolution', 'metadata.resolution', 'size'],
        default: '768p',
        form: { case: 'lower' },
      },
      ratio: {
        from: [
          'ratio',
          'aspectRatio',
          'aspect_ratio',
          'metadata.ratio',
          'metadata.aspectRatio',
          'metadata.aspect_ratio',
          'size',
        ],
        agree: true,
        values: ['16:9', '9:16'],
        words: { landscape: '16:9', portrait: '9:16' },
        default: '16:9',
      },
      size: { from: ['size'], words: ['resolution'], shape: 'exact', else: 'refused' },
      media: {
        images: {
          from: [
            'images',
            'image',
            'input_reference',
            'metadata.reference_images',
            'metadata.referenceImages',
            'metadata.reference_image',
          ],
          take: 'first list',
          max: 9,
          roles: 'reference',
          objects: true,
        },
        audios: {
          from: [
            'audios',
            'audio',
            'metadata.reference_audios',
            'metadata.referenceAudios',
            'metadata.reference_audio',
          ],
          take: 'first list',
          max: 3,
          roles: 'audio',
          objects: true,
        },
      },
      prompt: { required: 'always' },
      audio: { default: null },
    },
  ],
};
