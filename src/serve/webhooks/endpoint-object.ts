import type { WebhookEndpoint } from '../../contract/webhook.ts';

/** An endpoint as the HTTP API shows it: without its secrets. */
export function endpointObject({ id, target, types, createdAt, secrets }: WebhookEndpoint) {
  return {
    id,
    object: 'webhook_endpoint' as const,
    url: 'url' in target ? target.url : null,
    callback_host: 'callbackHost' in target ? target.callbackHost : null,
    events: types ?? null,
    created_at: Math.floor(createdAt / 1_000),
    rotating: secrets.length > 1,
  };
}

/** The same with the newest secret, which is shown when it is made. */
export function endpointWithSecret(endpoint: WebhookEndpoint) {
  const [secret = ''] = endpoint.secrets;
  return { ...endpointObject(endpoint), secret };
}
