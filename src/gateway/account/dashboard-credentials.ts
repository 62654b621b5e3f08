import type { Task } from '../faults/fault-error.ts';
import { GatewayError } from '../gateway-error.ts';
import type { GatewayEndpoint } from '../gateway-endpoint.ts';

/**
 * Headers with the raw token, without `Bearer`, as recorded from a real gateway.
 *
 * @throws {GatewayError} `auth` if no access token is configured.
 */
export function dashboardCredentials(
  { accessToken, userId }: GatewayEndpoint,
  task: Task,
): Record<string, string> {
  if (accessToken === undefined) {
    const message = `Cannot ${task.verb}: no access token is configured`;
    throw new GatewayError('auth', message, { billed: 'maybe' });
  }
  return {
    authorization: accessToken,
    ...(userId === undefined ? {} : { 'new-api-user': userId }),
  };
}
