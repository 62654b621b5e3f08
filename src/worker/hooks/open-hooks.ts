import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import type { gatewayConfig } from '../../config/gateway-config.ts';
import type { hooksConfig } from '../../config/hooks-config.ts';
import { messageNames, type VideoJobEvent } from '../../contract/messages.ts';
import type { ListeningServer } from '../../ingress/listen.ts';
import { createJobOwners } from '../../storage/claims/job-owners.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { createGatewayHook } from './gateway-hook.ts';
import { reportHooks } from './report-hooks.ts';
import { startReceiver } from './receiver.ts';

/** The gateway waits 15 s for a response. */
const signalTimeoutMs = 5_000;

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
  const handle = createGatewayHook({ apiKey, owners, wake: wakeWith(client) });
  const { metricMeter: meter, logger } = Runtime.instance();
  try {
    return await startReceiver({ host, port, handle, onHandled: reportHooks({ meter, logger }) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`Cannot listen on HOOKS_PORT "${port}": ${reason}`, { cause });
  }
}

function wakeWith(client: Client) {
  return async (videoId: string, event: VideoJobEvent): Promise<boolean> => {
    const handle = client.workflow.getHandle(videoId);
    try {
      await client.withDeadline(Date.now() + signalTimeoutMs, () =>
        handle.signal<[VideoJobEvent]>(messageNames.videoJobEvent, event),
      );
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
}
