import type { ModelRules, PluginRules } from '../catalog-types.ts';
import { builtIn, readAt } from './built-in.ts';

function jimeng(values: number[]): Omit<ModelRules, 'ids'> {
  return {
    length: {
      from: ['seconds', 'duration'],
      values,
      default: 5,
      quietDefault: true,
      text: 'number',
      loose: true,
    },
    resolution: { from: [], default: null, form: { case: 'lower' } },
    ratio: { from: ['metadata.aspect_ratio', 'aspect_ratio', 'size'], default: null },
    size: { from: ['size'], words: ['ratio'], shape: 'exact', else: 'default' },
    media: {
      images: {
        from: [
          'metadata.image_urls',
          'metadata.binary_data_base64',
          'images',
          'input_reference',
          'image',
        ],
        take: 'first list',
        roles: [['first_frame'], ['first_frame', 'last_frame']],
      },
    },
    prompt: { required: 'unless media' },
    audio: { default: null },
  };
}

/** Listed keys of metadata are forwarded to the vendor. */
export const jimeng10: PluginRules = {
  plugin: 'jimeng',
  version: '1.0.0, built in',
  source: {
    ...readAt('QuantumNous/new-api plugins/tasks/jimeng/plugin.js@cd01ea4a'),
    sure: 'source',
  },
  ...builtIn,
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'host', metadata: 'dropped' },
  reads: ['metadata.req_key', 'metadata.seed', 'metadata.frames', 'metadata.prompt'],
  models: [
    { ids: ['jimeng_v30*'], ...jimeng([5, 10]) },
    { ids: ['jimeng_*'], ...jimeng([5]) },
  ],
};
