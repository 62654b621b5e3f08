import type { ModelRules, PluginRules } from '../catalog-types.ts';
import { builtIn, maxSeconds, readAt } from './built-in.ts';

const tiers = ['512P', '720P', '768P', '1080P'];

function hailuo(preferred: string): Omit<ModelRules, 'ids'> {
  return {
    length: {
      from: ['duration'],
      notSent: ['seconds'],
      min: 1,
      max: maxSeconds,
      default: 6,
      quietDefault: true,
      text: 'number',
    },
    resolution: {
      from: ['size'],
      values: tiers,
      default: preferred,
      form: { case: 'upper', contains: true },
    },
    ratio: { from: [], default: null },
    size: { from: ['size'], raw: 'resolution', else: 'default' },
    media: {
      frames: {
        first: ['metadata.first_frame_image'],
        last: ['metadata.last_frame_image'],
        lastAlone: 'accepted',
        withReferences: 'accepted',
      },
    },
    prompt: { required: 'unless media' },
    audio: { default: null },
  };
}

/** Listed keys of metadata are forwarded to the vendor. The gateway checks every `resolution` against the priced ones. */
export const hailuo10: PluginRules = {
  plugin: 'hailuo',
  version: '1.0.0, built in',
  source: readAt('QuantumNous/new-api plugins/tasks/hailuo/plugin.js@2f6bf06b'),
  ...builtIn,
  unknown: { top: 'dropped', metadata: 'dropped' },
  reads: [
    'metadata.prompt_optimizer',
    'metadata.fast_pretreatment',
    'metadata.aigc_watermark',
    'metadata.subject_reference',
  ],
  typed: [{ fields: ['*resolution'], type: 'text', values: tiers, exact: true, dropped: true }],
  models: [{ ids: ['MiniMax-Hailuo-*'], ...hailuo('768P') }],
};
