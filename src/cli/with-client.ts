import type { VideoClient } from '../client.ts';
import type { VideoReader } from '../contract/video-reader.ts';
import type { TracerOptions } from '../worker/tracing/tracer.ts';
import { clientProxy, exportProxy } from '../egress/temporal-proxy.ts';
import type { CliContext } from './context.ts';

/** Opens a client for the configured Temporal server, and closes it after `use`. */
export async function withClient<T>(
  { env, storage }: Pick<CliContext, 'env'> & { storage?: VideoReader },
  use: (client: VideoClient) => Promise<T>,
): Promise<T> {
  const [
    { createVideoClient },
    { codecConfig },
    { gatewayGeneration },
    { temporalConfig },
    { tracesConfig },
  ] = await Promise.all([
    import('../client.ts'),
    import('../config/codec-config.ts'),
    import('../config/gateway-config.ts'),
    import('../config/temporal-config.ts'),
    import('../config/traces-config.ts'),
  ]);
  const { connectionOptions, namespace, proxy } = temporalConfig(env);
  exportProxy(proxy);
  const { keys: payloadKeys } = codecConfig(env);
  const traces = tracesConfig(env);
  const tracing = traces && (await openTracing(traces));
  const client = await createVideoClient({
    connect: { ...connectionOptions, ...clientProxy(proxy) },
    namespace,
    payloadKeys,
    host: gatewayGeneration(env),
    ...(storage && { storage }),
    ...(tracing && { interceptors: tracing.interceptors }),
  });
  try {
    return await use(client);
  } finally {
    await client.close();
    await tracing?.shutdown();
  }
}

async function openTracing(traces: TracerOptions) {
  const { clientTracing } = await import('../worker/tracing/client-tracing.ts');
  return clientTracing(traces);
}
