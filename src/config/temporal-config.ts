import { loadClientConnectConfig } from '@temporalio/envconfig';
import { proxyFor } from '../egress/proxy-for.ts';
import { egressConfig } from './egress-config.ts';
import { ConfigError, type Env } from './settings.ts';

/**
 * Connection settings from the standard sources of Temporal tools: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
 * `TEMPORAL_TLS…`, `TEMPORAL_API_KEY`, or a profile in `temporal.toml`.
 *
 * @throws {ConfigError}
 */
export function temporalConfig(env: Env) {
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(
        Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
    const address = connectionOptions.address ?? 'localhost:7233';
    const proxy = proxyFor(egressConfig(env).proxies ?? {})(`https://${address}`);
    return { connectionOptions, namespace, address, ...(proxy && { proxy }) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The Temporal settings cannot be read: ${reason}`, { cause });
  }
}
