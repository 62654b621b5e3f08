import type { PluginRules } from '../catalog-types.ts';
import { builtIn, maxSeconds, readAt } from './built-in.ts';

const tiers = ['360p', '540p', '720p', '1080p'];

/** Metadata is merged into the vendor's body. The gateway checks every `resolution` against the priced ones. */
export const vidu: PluginRules = {
  plugin: 'vidu',
  version: '1.0.0, built in',
  source: readAt('QuantumNous/new-api plugins/tasks/vidu/plugin.js@2f6bf06b'),
  ...builtIn,
  unknown: { top: 'dropped', metadata: 'forwarded' },
  typed: [{ fields: ['*resolution'], type: 'text', values: tiers, exact: true }],
  models: [
    {
      ids: ['viduq*', 'vidu1*', 'vidu2*'],
      length: {
        from: ['metadata.duration', 'duration'],
        notSent: ['seconds'],
        min: 1,
        max: maxSeconds,
        default: 5,
        quietDefault: true,
        text: 'number',
      },
      resolution: {
        from: ['metadata.resolution', 'size'],
        values: tiers,
        default: '1080p',
        form: { case: 'exact' },
        elseSent: true,
      },
      ratio: { from: ['metadata.aspect_ratio'], default: null },
      size: { from: ['size'], raw: 'resolution', else: 'default' },
      media: {
        images: {
          from: ['images'],
          take: 'all',
          roles: [['first_frame'], ['first_frame', 'last_frame']],
        },
      },
      prompt: { required: 'unless media' },
      audio: { default: null },
    },
  ],
};
