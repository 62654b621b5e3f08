import type { PluginRules, Source } from '../catalog-types.ts';

const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/h3-video/plugin.js@cf2336ad',
  on: '2026-11-27',
  sure: 'source',
};

const shapes = ['ratio', 'aspect_ratio', 'aspectRatio'];

/** The vendor sets the actual limits. The model id does not determine the resolution. */
export const h3Video: PluginRules = {
  plugin: 'h3-video',
  version: '1.0.3',
  source,
  first: 'top level',
  metadata: { text: 'refused', other: 'refused' },
  nonText: 'dropped',
  unknown: { top: 'dropped', metadata: 'forwarded' },
  callback: { top: 'dropped', metadata: 'dropped' },
  reads: ['*content', 'media', 'references', 'prompt_enhance', '*workflow_id', '*output'],
  models: [
    {
      ids: ['minimax-h3-768p'],
      length: {
        from: ['duration', 'seconds', 'metadata.duration', 'metadata.seconds'],
        agree: true,
        min: 1,
        max: 3600,
        default: 5,
        text: 'digits',
      },
      // These tiers have prices, so the gateway refuses all others.
      resolution: {
        from: ['resolution', 'metadata.resolution', 'size'],
        agree: true,
        values: ['480p', '768p', '1080p', '2k', '4k'],
        default: '480p',
        form: { case: 'lower' },
      },
      ratio: {
        from: [...shapes, ...shapes.map((name) => `metadata.${name}`), 'size'],
        agree: true,
        default: '16:9',
      },
      size: { from: ['*size'], words: ['resolution'], shape: 'exact', else: 'refused' },
      media: {
        images: {
          from: ['images', 'image', 'input_reference'],
          take: 'first list',
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
          roles: 'video',
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
          roles: 'audio',
          objects: true,
        },
        frames: {
          first: ['metadata.first_frame_image', 'metadata.firstFrame', 'metadata.first_image'],
          last: ['metadata.last_frame_image', 'metadata.lastFrame', 'metadata.last_image'],
          lastAlone: 'accepted',
          withReferences: 'accepted',
          withImages: 'reference',
        },
      },
      prompt: { required: 'never' },
      audio: { default: null },
    },
  ],
};
