import type { WebhookEndpoint, WebhookEventType } from '../../contract/webhook.ts';
import { readCallbackHost, readWebhookUrl } from '../../identity/webhook-address.ts';
import { ApiError } from '../http/api-error.ts';
import type { RotateOptions } from '../../storage/records/webhook-endpoints.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** What a caller chooses; one of `url` and `callbackHost`. */
export interface GivenEndpoint {
  url?: string;
  callbackHost?: string;
  types?: WebhookEventType[];
  secret?: string;
}

type Ports = Pick<ServePorts, 'endpoints' | 'trustedOrigins'>;

/** Adds an endpoint of a tenant. @throws {ApiError} 400 */
export async function addEndpoint(
  { endpoints, trustedOrigins }: Ports,
  { name: tenant }: Tenant,
  { url, callbackHost, types, secret }: GivenEndpoint,
): Promise<WebhookEndpoint> {
  const options = { trustedOrigins };
  const target =
    callbackHost === undefined
      ? { url: await or400('url', () => readWebhookUrl(url ?? '', options)) }
      : {
          callbackHost: await or400('callback_host', () => readCallbackHost(callbackHost, options)),
        };
  const chosen = { ...(types && { types }), ...(secret !== undefined && { secret }) };
  return or400(null, () => endpoints.add({ tenant, target, ...chosen }));
}

/** An endpoint of the tenant. @throws {ApiError} 404, also for one of another tenant */
export async function findEndpoint(
  { endpoints }: Pick<Ports, 'endpoints'>,
  { name }: Tenant,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.get(id);
  if (endpoint?.tenant === name) return endpoint;
  throw noEndpoint(id);
}

/** Removes an endpoint of the tenant. @throws {ApiError} 404 */
export async function removeEndpoint(ports: Ports, tenant: Tenant, id: string): Promise<void> {
  await findEndpoint(ports, tenant, id);
  await ports.endpoints.remove(id);
}

/** Gives an endpoint of the tenant a new secret beside the current one. @throws {ApiError} 400, 404 */
export async function rotateEndpoint(
  ports: Ports,
  tenant: Tenant,
  { id, ...options }: { id: string } & RotateOptions,
): Promise<WebhookEndpoint> {
  await findEndpoint(ports, tenant, id);
  return (await or400('secret', () => ports.endpoints.rotate(id, options))) ?? notFound(id);
}

/** Keeps only the newest secret of an endpoint of the tenant. @throws {ApiError} 404 */
export async function finishRotation(
  ports: Ports,
  tenant: Tenant,
  id: string,
): Promise<WebhookEndpoint> {
  await findEndpoint(ports, tenant, id);
  return (await ports.endpoints.finishRotation(id)) ?? notFound(id);
}

/** Another request removed it in the meantime. */
function notFound(id: string): never {
  throw noEndpoint(id);
}

function noEndpoint(id: string): ApiError {
  const message = `No webhook endpoint "${id.slice(0, 100)}"`;
  return new ApiError(404, 'not_found', { message });
}

/** Runs what refuses bad input with a RangeError. @throws {ApiError} 400 */
export async function or400<T>(param: string | null, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const isFragment = /^[a-z]/.test(cause.message);
    const message = param !== null && isFragment ? `"${param}" ${cause.message}` : cause.message;
    throw new ApiError(400, 'invalid_request', {
      message,
      cause,
      ...(param !== null && { param }),
    });
  }
}
