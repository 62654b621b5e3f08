import type { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import type { gatewayConfig } from '../../config/gateway-config.ts';
import type { hooksConfig } from '../../config/hooks-config.ts';
import type { ListeningServer } from '../../ingress/listen.ts';
import { createJobOwners } from '../../storage/claims/job-owners.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { createGatewayHook } from './gateway-hook.ts';
import { reportHooks } from './report-hooks.ts';
import { startReceiver } from './receiver.ts';
import { createWakeRun } from './wake-run.ts';

/** Settings of {@link openHooks}. */
export interface HooksSettings {
  gateway: ReturnType<typeof gatewayConfig>;
  hooks?: ReturnType<typeof hooksConfig> | undefined;
}

/**
 * Opens the port for callbacks of the gateway, if `HOOKS_PORT` is set.
 *
 * @throws {RangeError} The port is not available.
 */
export async function openHooks(
  { gateway: { baseUrl, apiKey }, hooks }: HooksSettings,
  { client, storage }: { client: Client; storage: VideoStorage },
): Promise<ListeningServer | undefined> {
  if (hooks?.port === undefined) return undefined;
  const { host, port } = hooks;
  const owners = createJobOwners({ storage, gateway: new URL(baseUrl).origin });
  const handle = createGatewayHook({ apiKey, owners, wake: createWakeRun({ client }) });
  const { metricMeter: meter, logger } = Runtime.instance();
  try {
    return await startReceiver({ host, port, handle, onHandled: reportHooks({ meter, logger }) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`Cannot listen on HOOKS_PORT "${port}": ${reason}`, { cause });
  }
}
