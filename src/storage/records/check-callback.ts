import type { CheckCallback } from '../../contract/callback-url.ts';
import { tenantOf } from '../../identity/tenant-video.ts';
import { isCallbackAllowed, readWebhookUrl } from '../../identity/webhook-address.ts';
import type { WebhookEndpoints } from './webhook-endpoints.ts';

/**
 * Checks a `callback_url` by the endpoints: one of the tenant that owns the video, or of no tenant if no tenant owns it,
 * must allow its host.
 *
 * @returns A check that rejects with StorageError if the endpoints cannot be read.
 */
export function createCheckCallback({
  endpoints,
  trustedOrigins,
}: {
  endpoints: Pick<WebhookEndpoints, 'list'>;
  /** See `readWebhookUrl`. */
  trustedOrigins: readonly string[];
}): CheckCallback {
  return async ({ url, workflowId }) => {
    const fault = addressFault(url, trustedOrigins);
    if (fault !== null) return fault;
    const tenant = tenantOf(workflowId);
    const hosts = (await endpoints.list({ tenant })).flatMap(({ target }) =>
      'callbackHost' in target ? [target.callbackHost] : [],
    );
    if (isCallbackAllowed(url, hosts, { trustedOrigins })) return null;
    const { host } = new URL(url);
    const how =
      tenant === null
        ? `allow it with \`onetake webhooks add --callback-host ${host}\``
        : `allow it with POST /v1/webhooks and {"callback_host": "${host}"}`;
    return `no webhook endpoint allows callbacks to the host "${host}": ${how}, or leave the field out`;
  };
}

function addressFault(url: string, trustedOrigins: readonly string[]): string | null {
  try {
    readWebhookUrl(url, { trustedOrigins });
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
