import type { MadeVideo } from './vendor-plan.ts';

type Plugin = 'xm' | 'veo' | 'grok';

/** A model of a task plugin, with its price as an expression of the price list and as a function. */
export interface PluginModel {
  plugin: Plugin;
  billingExpr: string;
  usageSchema: Record<string, unknown>;
  /** Price of one second at a resolution, before the group ratio. */
  perSecond: (resolution: string) => number;
}

const secondsSchema = { seconds: { type: 'number', unit: 'second' } };

/** Prices of 2026-09-17; the series has the prices of its three models. */
const pluginModels: ReadonlyMap<string, PluginModel> = new Map<string, PluginModel>([
  ['SD2.5 720P', flat('xm', 0.95)],
  [
    'SD2.5',
    {
      plugin: 'xm',
      billingExpr:
        'u("resolution") == "1080p" ? tier("1080p", u("seconds") * 1.6) : ' +
        'u("resolution") == "720p" ? tier("720p", u("seconds") * 0.95) : tier("480p", u("seconds") * 0.45)',
      usageSchema: { ...secondsSchema, resolution: { enum: ['480p', '720p', '1080p'] } },
      perSecond: (resolution) => ({ '1080p': 1.6, '720p': 0.95 })[resolution] ?? 0.45,
    },
  ],
  [
    'veo-3.1',
    {
      plugin: 'veo',
      billingExpr:
        'u("resolution") == "4k" ? tier("4k", u("seconds") * 0.375) : tier("base", u("seconds") * 0.25)',
      usageSchema: { ...secondsSchema, resolution: { enum: ['720p', '1080p', '4k'] } },
      perSecond: (resolution) => (resolution === '4k' ? 0.375 : 0.25),
    },
  ],
  ['grok-imagine-video-1.5', flat('grok', 0.2)],
]);

/** Whether a plugin of this sandbox serves the model, on a host with plugins. */
export function isPluginModel(model: string): boolean {
  return pluginModels.has(model);
}

/** @throws {RangeError} No plugin serves the model. */
export function pluginModel(model: string): PluginModel {
  const found = pluginModels.get(model);
  if (found === undefined) throw new RangeError(`No plugin serves "${model}"`);
  return found;
}

export function pluginModelIds(): string[] {
  return [...pluginModels.keys()];
}

/** The price of a video, before the group ratio. */
export function pluginMoneyOf(
  { perSecond }: PluginModel,
  { resolution, chargedSeconds }: Pick<MadeVideo, 'resolution'> & { chargedSeconds: number },
): number {
  return perSecond(resolution) * chargedSeconds;
}

function flat(plugin: Plugin, price: number): PluginModel {
  return {
    plugin,
    billingExpr: `tier("base", u("seconds") * ${price})`,
    usageSchema: secondsSchema,
    perSecond: () => price,
  };
}
