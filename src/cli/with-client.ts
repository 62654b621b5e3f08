import type { VideoClient } from '../client.ts';
import type { VideoReader } from '../contract/video-reader.ts';
import type { CliContext } from './context.ts';
import { withTemporal } from './with-temporal.ts';

/** Opens a client for the configured Temporal server, and closes it after `use`. */
export async function withClient<T>(
  { env, storage }: Pick<CliContext, 'env'> & { storage?: VideoReader },
  use: (client: VideoClient) => Promise<T>,
): Promise<T> {
  const [{ createVideoClient }, { gatewayGeneration }] = await Promise.all([
    import('../client.ts'),
    import('../config/gateway-config.ts'),
  ]);
  const host = gatewayGeneration(env);
  return withTemporal({ env }, async (client) =>
    use(await createVideoClient({ client, host, ...(storage && { storage }) })),
  );
}
