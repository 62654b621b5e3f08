import type { ModelRules, PluginRules } from '../catalog-types.ts';
import { builtIn, maxSeconds, readAt } from './built-in.ts';

function seedance(values: string[]): Omit<ModelRules, 'ids'> {
  return {
    length: {
      from: ['seconds', 'metadata.duration'],
      notSent: ['duration'],
      min: 1,
      max: maxSeconds,
      default: null,
      defaultCharged: 15,
      text: 'number',
    },
    resolution: {
      from: ['metadata.resolution', 'size'],
      values,
      default: null,
      form: { case: 'lower' },
    },
    ratio: { from: ['metadata.ratio'], default: null },
    size: {
      from: ['size'],
      words: ['resolution'],
      shape: 'orientation',
      tiers: [
        [3840, '4k'],
        [1920, '1080p'],
        [1280, '720p'],
        [0, '480p'],
      ],
      star: true,
      checkOnly: true,
      else: 'default',
    },
    media: { images: { from: ['images'], take: 'all', roles: 'reference', lists: ['images'] } },
    prompt: { required: 'unless media' },
    audio: { default: null },
  };
}

/** All metadata is forwarded to the vendor. */
export const doubao: PluginRules = {
  plugin: 'doubao',
  version: '1.1.2, built in',
  source: readAt('blackdm666/new-api plugins/tasks/doubao/plugin.js@2e5e9b22'),
  ...builtIn,
  unknown: { top: 'dropped', metadata: 'forwarded' },
  models: [
    { ids: ['doubao-seedance-2-0-260128'], ...seedance(['480p', '720p', '1080p', '4k']) },
    {
      ids: ['doubao-seedance-2-0-mini-260615', 'doubao-seedance-2-0-fast-260128'],
      ...seedance(['480p', '720p']),
    },
    { ids: ['doubao-seedance-*'], ...seedance(['480p', '720p', '1080p']) },
  ],
};
