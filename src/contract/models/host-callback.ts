import { candidatesOf } from './catalog.ts';
import { defaultHost, type HostGeneration } from './evaluate-request.ts';

/**
 * Whether the gateway calls a top-level `callback_url` of this model, whichever plugin serves it. Some plugins refuse the
 * field, others drop it; gateways without plugins do not know it.
 */
export function hostCallsBack(model: string, host: HostGeneration = defaultHost): boolean {
  if (host !== 'plugins') return false;
  const candidates = candidatesOf(model);
  return candidates.length > 0 && candidates.every(({ plugin }) => plugin.callback.top === 'host');
}
