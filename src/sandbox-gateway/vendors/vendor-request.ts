import type { CreateRequest, Generation } from '../create-request.ts';
import { familyTraits, type Family } from './families.ts';
import { isPluginModel } from './plugin-models.ts';
import { planPluginRequest } from './plugin-request.ts';
import {
  planAli,
  planDoubao,
  planGemini,
  planHailuo,
  planPlugin,
  planSora,
} from './vendor-plans.ts';
import type { Planned, VendorPlan } from './vendor-plan.ts';
import { planJimeng, planKling, planVidu } from './vendor-plans-merged.ts';

/** Quota units of one unit of money. */
export const quotaPerUnit = 500_000;

/** Converts a request for its vendor, by the rules of its family or plugin. */
export function planVendorRequest(
  request: CreateRequest,
  host: { generation: Generation; mediaOrigin: string; requestId: string },
): Planned {
  const isDecoded = host.generation === 'plugins' && isPluginModel(request.model);
  return isDecoded ? planPluginRequest(request, host) : planners[request.family](request);
}

/** Quota charged at submit. */
export function priceOf(
  { family }: CreateRequest,
  { plan, groupRatio }: { plan: VendorPlan; groupRatio: number },
): number {
  const { price, perSecond } = familyTraits[family];
  const usual = perSecond ? price * plan.chargedSeconds : price;
  const quota = plan.money === undefined ? usual : plan.money * quotaPerUnit;
  return Math.round(quota * groupRatio);
}

const planners: Record<Family, (request: CreateRequest) => Planned> = {
  kling: planKling,
  jimeng: planJimeng,
  vidu: planVidu,
  sora: planSora,
  ali: planAli,
  hailuo: planHailuo,
  doubao: planDoubao,
  gemini: planGemini,
  plugin: planPlugin,
};
