import type { PluginRules } from '../catalog-types.ts';
import { builtIn, readAt } from './built-in.ts';

/** Metadata overrides all vendor parameters except the length. */
export const google: PluginRules = {
  plugin: 'google',
  version: '1.0.1, built in',
  source: readAt('blackdm666/new-api plugins/tasks/google/plugin.js@5375ff38'),
  ...builtIn,
  unknown: { top: 'dropped', metadata: 'forwarded' },
  typed: [{ fields: ['resolution'], type: 'text', values: ['720p', '1080p', '4k'], dropped: true }],
  models: [
    {
      ids: [
        'veo-3.0-generate-*',
        'veo-3.0-fast-generate-*',
        'veo-3.1-generate-*',
        'veo-3.1-fast-generate-*',
      ],
      length: {
        from: ['seconds', 'duration', 'metadata.durationSeconds'],
        values: [4, 6, 8],
        default: 8,
        quietDefault: true,
        text: 'number',
        loose: true,
      },
      resolution: {
        from: ['metadata.resolution', 'size'],
        values: ['720p', '1080p', '4k'],
        default: '720p',
        form: { case: 'lower' },
      },
      ratio: { from: ['metadata.aspectRatio', 'size'], default: '16:9' },
      size: {
        from: ['size'],
        shape: 'orientation',
        tiers: [
          [3840, '4k'],
          [1920, '1080p'],
          [0, '720p'],
        ],
        else: 'default',
      },
      media: {
        images: {
          from: ['images'],
          lists: ['images'],
          take: 'all',
          roles: 'first_frame',
          forms: ['data', 'base64'],
          wrongForm: 'dropped',
          uses: 1,
        },
      },
      prompt: { required: 'unless media' },
      audio: { default: null },
    },
  ],
};
