import type { CreateRequest } from './create-request.ts';
import { familyTraits, type Family } from './families.ts';
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

/** Turns a request into what its vendor receives, by the rules of gateway.md 3.4. */
export function planVendorRequest(request: CreateRequest): Planned {
  return planners[request.family](request);
}

/** Quota taken at submit. */
export function priceOf(request: CreateRequest, plan: VendorPlan): number {
  const { price, perSecond } = familyTraits[request.family];
  return perSecond ? price * plan.chargedSeconds : price;
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
