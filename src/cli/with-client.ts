import type { VideoClient } from '../client.ts';
import type { CliContext } from './context.ts';

/** Opens a client on the configured Temporal server for as long as `use` runs. */
export async function withClient<T>(
  { env }: CliContext,
  use: (client: VideoClient) => Promise<T>,
): Promise<T> {
  const [{ createVideoClient }, { codecConfig, temporalConfig }] = await Promise.all([
    import('../client.ts'),
    import('../config.ts'),
  ]);
  const { connectionOptions, namespace } = temporalConfig(env);
  const { keys: payloadKeys } = codecConfig(env);
  const client = await createVideoClient({ connect: connectionOptions, namespace, payloadKeys });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
