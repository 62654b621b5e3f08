import { modelFamily } from '../model-family.ts';
import type { ModelRules, OnSale, PluginRules } from './catalog-types.ts';
import { alibaba } from './plugins/alibaba.ts';
import { doubao } from './plugins/doubao.ts';
import { google } from './plugins/google.ts';
import { grokVideo } from './plugins/grok-video.ts';
import { gxVideo } from './plugins/gx-video.ts';
import { h3Video } from './plugins/h3-video.ts';
import { hailuo10 } from './plugins/hailuo.ts';
import { jimeng10 } from './plugins/jimeng.ts';
import { kling10 } from './plugins/kling.ts';
import { minimaxH3Async } from './plugins/minimax-h3-async.ts';
import { minimaxH3 } from './plugins/minimax-h3.ts';
import { sdgoVideo } from './plugins/sdgo-video.ts';
import { sora10 } from './plugins/sora.ts';
import { vertexOmni } from './plugins/vertex-omni.ts';
import { vidu } from './plugins/vidu.ts';
import { xmVideo } from './plugins/xm-video.ts';

/** All known plugins, the most likely one for a model first. */
export const catalog: readonly PluginRules[] = [
  xmVideo,
  vertexOmni,
  grokVideo,
  sdgoVideo,
  doubao,
  gxVideo,
  minimaxH3,
  minimaxH3Async,
  h3Video,
  alibaba,
  kling10,
  vidu,
  hailuo10,
  google,
  jimeng10,
  sora10,
];

/** A plugin that can serve a model, with its rules for that model. */
export interface Candidate {
  plugin: PluginRules;
  model: ModelRules;
}

/** The plugins that can serve a model id, compared byte for byte. */
export function candidatesOf(model: string): Candidate[] {
  return catalog.flatMap((plugin) => {
    const rules = rulesFor(model, plugin);
    return rules ? [{ plugin, model: rules }] : [];
  });
}

/** Whether only a plugin can serve this model. A gateway that lists one runs plugins. */
export function needsPlugin(model: string): boolean {
  const candidates = candidatesOf(model);
  if (candidates.length === 0 || modelFamily(model) !== 'other') return false;
  return candidates.every(({ plugin }) => !plugin.builtIn);
}

/** The model ids in the catalogue, without patterns. */
export function catalogIds(): string[] {
  const ids = catalog.flatMap(({ models }) => models.flatMap((model) => model.ids));
  return [...new Set(ids)].filter((id) => !id.endsWith('*'));
}

/** The price entry of a model, if it is sold. */
export function onSale(model: string): OnSale | undefined {
  return candidatesOf(model).find((candidate) => candidate.model.onSale)?.model.onSale;
}

function rulesFor(model: string, { models }: PluginRules): ModelRules | undefined {
  return (
    models.find(({ ids }) => ids.includes(model)) ??
    models.find(({ ids }) =>
      ids.some((id) => id.endsWith('*') && model.startsWith(id.slice(0, -1))),
    )
  );
}
