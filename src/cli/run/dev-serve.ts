import { connectOrExplain } from '../../client/connect.ts';
import { newTemporal } from '../../client/new-temporal.ts';
import { codecConfig } from '../../config/codec-config.ts';
import { serveConfig } from '../../config/serve-config.ts';
import { isPortFree, loopback } from '../../dev/free-port.ts';
import type { Env } from '../context.ts';
import { quietLogger } from './start-worker.ts';
import { startServe, type RunningServe } from './start-serve.ts';

/** Options of {@link startDevServe}. */
export interface DevServeOptions {
  env: Env;
  /** Address of the Temporal server. */
  address: string;
  /** Address of the Temporal UI; null if there is none. */
  uiUrl: string | null;
  namespace: string;
  /** The storage. */
  folder: string;
  debug: boolean;
}

/** The HTTP API of `onetake dev`: on loopback, without API keys, on the usual port if it is free. */
export async function startDevServe(options: DevServeOptions): Promise<RunningServe> {
  const { env, address, uiUrl, namespace, folder, debug } = options;
  const { SERVE_KEYS_FILE: _keys, SERVE_PUBLIC_URL: _url, ...settings } = env;
  const wanted = serveConfig({
    ...settings,
    SERVE_HOST: loopback,
    ...(uiUrl !== null && { TEMPORAL_UI_URL: uiUrl }),
  });
  const config = { ...wanted, port: (await isPortFree(wanted.port)) ? wanted.port : 0 };
  const connection = await connectOrExplain({ address });
  const close = () => connection.close();
  try {
    const { keys: payloadKeys } = codecConfig(env);
    const serve = await startServe({
      config,
      storage: { folder },
      temporal: newTemporal(connection, { namespace, payloadKeys }),
      env,
      logger: quietLogger({ debug }),
    });
    const stop = async () => {
      await serve.stop();
      await close();
    };
    return { url: serve.url, stop };
  } catch (error) {
    await close();
    throw error;
  }
}
