import type { ModelRules, PluginRules } from '../catalog-types.ts';
import { builtIn, maxSeconds, readAt } from './built-in.ts';

const kling: Omit<ModelRules, 'ids'> = {
  length: {
    from: ['metadata.duration', 'seconds', 'duration'],
    min: 1,
    max: maxSeconds,
    default: 5,
    quietDefault: true,
    text: 'number',
  },
  resolution: { from: [], default: null, form: { case: 'lower' } },
  ratio: {
    from: ['metadata.aspect_ratio', 'size'],
    default: '1:1',
    tellDefault: 'without an image',
  },
  size: {
    from: ['size'],
    table: {
      '1024x1024': { ratio: '1:1' },
      '512x512': { ratio: '1:1' },
      '1280x720': { ratio: '16:9' },
      '1920x1080': { ratio: '16:9' },
      '720x1280': { ratio: '9:16' },
      '1080x1920': { ratio: '9:16' },
    },
    else: 'default',
  },
  media: {
    images: {
      from: ['metadata.image', 'input_reference', 'image'],
      take: 'first list',
      roles: 'first_frame',
      uses: 1,
    },
    frames: {
      first: [],
      last: ['metadata.image_tail'],
      lastAlone: 'accepted',
      withReferences: 'accepted',
    },
  },
  prompt: { required: 'unless media' },
  audio: { default: null },
};

/** Metadata is merged into the vendor's body, including a number in `metadata.duration`, and `seed`. */
export const kling10: PluginRules = {
  plugin: 'kling',
  version: '1.0.0, built in',
  source: readAt('QuantumNous/new-api plugins/tasks/kling/plugin.js@cd01ea4a'),
  ...builtIn,
  unknown: { top: 'dropped', metadata: 'forwarded' },
  models: [
    {
      ids: ['kling-v2-master'],
      ...kling,
      typed: [{ fields: ['mode', 'metadata.mode'], type: 'text', values: ['pro'] }],
    },
    {
      ids: ['kling-v*'],
      ...kling,
      typed: [{ fields: ['mode', 'metadata.mode'], type: 'text', values: ['std', 'pro'] }],
    },
  ],
};
