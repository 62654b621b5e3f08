import type { ModelRules, PluginRules, Source } from '../catalog-types.ts';
import { listed } from './price-list.ts';

/** Version 1.2.0 was run, whose request code is the same. */
const source: Source = {
  at: 'blackdm666/88api-task-plugins plugins/grok-video/plugin.js@06f68c06',
  on: '2026-11-27',
  sure: 'run',
};

/** Sound is always on (sales text of 2026-09-17). */
function model(values: string[]): Omit<ModelRules, 'ids' | 'onSale'> {
  return {
    length: {
      from: ['duration', 'seconds'],
      min: 1,
      max: 15,
      default: 8,
      text: 'number',
      loose: true,
    },
    resolution: {
      from: ['resolution', 'quality', 'vquality', 'metadata.resolution'],
      values,
      default: '720p',
      form: { case: 'lower', addP: 'always' },
    },
    ratio: {
      from: ['aspect_ratio', 'size', 'metadata.aspect_ratio', 'ratio', 'metadata.ratio'],
      agreeWith: ['ratio', 'metadata.ratio'],
      values: ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3'],
      default: '16:9',
    },
    size: { from: ['size'], raw: 'ratio', else: 'refused' },
    media: {
      images: {
        from: ['image', 'input_reference', 'image_url', 'images', 'image_urls'],
        take: 'all',
        max: 1,
        roles: 'first_frame',
        forms: ['https'],
        objects: true,
        skips: 'all',
      },
    },
    prompt: { required: 'unless media' },
    audio: { default: true },
  };
}

const dimensions = ['seconds', 'resolution'];
const all = model(['480p', '720p', '1080p']);

/** Reads few fields and drops the others. Accepts one image, as an https URL only. */
export const grokVideo: PluginRules = {
  plugin: 'grok-video',
  version: '1.2.2',
  source,
  first: 'top level',
  metadata: { text: 'read', other: 'refused' },
  nonText: 'dropped',
  unknown: { top: 'dropped', metadata: 'dropped' },
  callback: { top: 'dropped', metadata: 'dropped' },
  models: [
    {
      ids: ['grok-imagine-video'],
      onSale: listed(0.1, { dimensions }),
      ...model(['480p', '720p']),
    },
    { ids: ['grok-imagine-video-1.5'], onSale: listed(0.2, { dimensions }), ...all },
    {
      ids: ['grok-imagine-video-1.5-1080p'],
      onSale: listed(0.3, {
        dimensions,
        note: 'Sold as 1080p; without resolution "1080p" the plugin asks for 720p, unless the channel maps the name.',
      }),
      ...all,
      resolution: { ...all.resolution, tellDefault: true },
    },
  ],
};
