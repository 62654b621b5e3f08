import type { AnnounceEventInput, WebhookEndpoint } from '../contract/webhook.ts';
import { tenantOf } from '../identity/tenant-video.ts';
import { isCallbackAllowed } from '../identity/webhook-address.ts';
import type { WebhookTarget } from '../storage/records/webhook-events.ts';

/**
 * The endpoints that receive an event. An endpoint of a tenant receives the events of its videos, one that no tenant
 * owns receives all. A `callback_url` is called if an endpoint of the same owner allows its host.
 */
export function webhookTargets(
  endpoints: readonly WebhookEndpoint[],
  announced: Pick<AnnounceEventInput, 'type' | 'workflowId' | 'callbackUrls'>,
  { trustedOrigins }: { trustedOrigins: readonly string[] },
): WebhookTarget[] {
  const { type, workflowId, callbackUrls = [] } = announced;
  const owner = tenantOf(workflowId);
  const called = new Set<string>();
  const wanted = endpoints.filter(({ types }) => types === undefined || types.includes(type));
  return wanted.flatMap(({ id: endpointId, tenant, target }): WebhookTarget[] => {
    if ('url' in target) return tenant === null || tenant === owner ? [{ endpointId }] : [];
    if (tenant !== owner) return [];
    return callbackUrls.flatMap((url) => {
      if (called.has(url) || !isCallbackAllowed(url, [target.callbackHost], { trustedOrigins })) {
        return [];
      }
      called.add(url);
      return [{ endpointId, url }];
    });
  });
}
