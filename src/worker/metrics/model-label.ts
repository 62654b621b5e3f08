import { AsyncLocalStorage } from 'node:async_hooks';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { modelLabel } from '../../contract/metrics.ts';

/** More models than the gateway has. Callers choose model ids, and each becomes a series in Prometheus. */
const maxModels = 50;

const current = new AsyncLocalStorage<string>();
const known = new Set<string>();

/** Records the model of an activity, so that ports need no parameter for metrics. */
export const noteModel: ActivityInboundCallsInterceptor = {
  execute: (input, next) => current.run(boundedModel(modelOf(input.args[0])), () => next(input)),
};

/** The label `model` inside an activity; `other` from the 51st model of this process on. */
export function currentModel(): string {
  return current.getStore() ?? modelLabel(undefined);
}

function modelOf(input: unknown): string | undefined {
  const { model, request } = (input ?? {}) as {
    model?: string;
    request?: { body?: { model?: string } };
  };
  return model ?? request?.body?.model;
}

function boundedModel(model: string | undefined): string {
  const label = modelLabel(typeof model === 'string' ? model : undefined);
  if (known.has(label)) return label;
  if (known.size === maxModels) return 'other';
  known.add(label);
  return label;
}
