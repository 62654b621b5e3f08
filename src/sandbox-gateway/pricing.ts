import { json, type Answer } from './answer.ts';
import { noAccess } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { familyTraits, models, type Family } from './vendors/families.ts';
import { isPluginModel, pluginModel, pluginModelIds } from './vendors/plugin-models.ts';
import type { Runtime } from './runtime.ts';
import { quotaPerUnit } from './vendors/vendor-request.ts';

const group = '视频模型';

/** Handles `GET /api/pricing` of a host with plugins: only with the personal access token, as in production. */
export function answerPricing(runtime: Runtime, { headers }: Exchange): Answer {
  const token = headers['authorization'];
  if (token !== runtime.accessToken) return noAccess(token === undefined ? 401 : 200);
  const others = [...models].filter(([id]) => !isPluginModel(id));
  return json(200, {
    success: true,
    pricing_version: 'sandbox',
    auto_groups: [group],
    group_ratio: { [group]: runtime.groupRatio },
    usable_group: { [group]: group },
    vendors: [{ id: 1, name: '88api' }],
    supported_endpoint: {},
    data: [
      ...pluginModelIds().map(expressionRow),
      ...others.map(([id, family]) => fixedRow(id, family)),
    ],
  });
}

function expressionRow(id: string): Record<string, unknown> {
  const { billingExpr, usageSchema } = pluginModel(id);
  return {
    ...row(id),
    quota_type: 0,
    model_ratio: 37.5,
    model_price: 0,
    billing_mode: 'tiered_expr',
    billing_expr: billingExpr,
    billing_usage_schema: usageSchema,
  };
}

function fixedRow(id: string, family: Family): Record<string, unknown> {
  const { price, perSecond } = familyTraits[family];
  return {
    ...row(id),
    quota_type: 1,
    model_ratio: 0,
    model_price: price / quotaPerUnit,
    ...(perSecond
      ? { billing_mode: 'per_second', billing_unit: 'second' }
      : { billing_mode: 'per_request' }),
  };
}

function row(id: string): Record<string, unknown> {
  return {
    model_name: id,
    description: '',
    vendor_id: 1,
    owner_by: '',
    completion_ratio: 1,
    enable_groups: [group],
    supported_endpoint_types: ['openai-video'],
  };
}
