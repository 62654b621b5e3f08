import type { ProxySettings } from '../egress/proxy-for.ts';
import { readProxies } from '../egress/read-proxies.ts';
import { ConfigError, type Env } from './settings.ts';

/**
 * Proxy settings of all outgoing connections: gateway, results, buckets, spans and Temporal.
 *
 * @throws {ConfigError}
 */
export function egressConfig(env: Env): { proxies?: ProxySettings } {
  try {
    const proxies = readProxies(env);
    return proxies ? { proxies } : {};
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
