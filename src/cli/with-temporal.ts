import type { Client } from '@temporalio/client';
import type { TracerOptions } from '../worker/tracing/tracer.ts';
import { clientProxy, exportProxy } from '../egress/temporal-proxy.ts';
import type { CliContext } from './context.ts';

/** Opens Temporal's client for the configured server, and closes it after `use`. */
export async function withTemporal<T>(
  { env }: Pick<CliContext, 'env'>,
  use: (temporal: Client) => Promise<T>,
): Promise<T> {
  const [
    { connectOrExplain },
    { newTemporal },
    { codecConfig },
    { temporalConfig },
    { tracesConfig },
  ] = await Promise.all([
    import('../client/connect.ts'),
    import('../client/new-temporal.ts'),
    import('../config/codec-config.ts'),
    import('../config/temporal-config.ts'),
    import('../config/traces-config.ts'),
  ]);
  const { connectionOptions, namespace, proxy } = temporalConfig(env);
  exportProxy(proxy);
  const { keys: payloadKeys } = codecConfig(env);
  const traces = tracesConfig(env);
  const tracing = traces && (await openTracing(traces));
  const connection = await connectOrExplain({ ...connectionOptions, ...clientProxy(proxy) });
  const interceptors = tracing && { interceptors: tracing.interceptors };
  try {
    return await use(newTemporal(connection, { namespace, payloadKeys, ...interceptors }));
  } finally {
    await connection.close();
    await tracing?.shutdown();
  }
}

async function openTracing(traces: TracerOptions) {
  const { clientTracing } = await import('../worker/tracing/client-tracing.ts');
  return clientTracing(traces);
}
