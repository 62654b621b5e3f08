import type { ModelRules, PluginRules, SizeRules } from '../catalog-types.ts';
import { builtIn, maxSeconds, readAt } from './built-in.ts';

const table: NonNullable<SizeRules['table']> = {
  '720x1280': { ratio: '9:16', resolution: '720p' },
  '1280x720': { ratio: '16:9', resolution: '720p' },
  '1792x1024': { ratio: '7:4', resolution: '1024p' },
  '1024x1792': { ratio: '4:7', resolution: '1024p' },
};

const sora: Omit<ModelRules, 'ids'> = {
  length: {
    from: ['seconds'],
    notSent: ['duration'],
    min: 1,
    max: maxSeconds,
    default: 4,
    quietDefault: true,
    text: 'number',
  },
  resolution: { from: ['size'], default: '720p', form: { case: 'lower' } },
  ratio: { from: ['size'], default: '9:16' },
  size: { from: ['size'], table, else: 'refused' },
  media: {
    images: { from: ['input_reference'], take: 'first list', roles: 'first_frame', uses: 1 },
  },
  prompt: { required: 'always' },
  audio: { default: true },
};

/** The body is forwarded unchanged. The gateway checks the size against the priced ones. */
export const sora10: PluginRules = {
  plugin: 'sora',
  version: '1.0.0, built in',
  source: {
    ...readAt('QuantumNous/new-api plugins/tasks/sora/plugin.js@2f6bf06b'),
    sure: 'source',
  },
  ...builtIn,
  unknown: { top: 'forwarded', metadata: 'forwarded' },
  models: [{ ids: ['sora-2*'], ...sora }],
};
