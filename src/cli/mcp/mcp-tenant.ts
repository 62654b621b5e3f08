import { mcpToolsConfig } from '../../config/mcp-config.ts';
import { ConfigError } from '../../config/settings.ts';
import { tenantName, type Tenant } from '../../serve/tenants/tenant.ts';
import type { Env } from '../context.ts';

/**
 * The tenant of `onetake mcp`. Its tags are those of the tenant at `/mcp`, where only `local` has no API key.
 *
 * @throws {ConfigError}
 */
export function mcpTenant(env: Env): Tenant {
  const parsed = tenantName.safeParse(mcpToolsConfig(env).tenant);
  if (parsed.success) return { name: parsed.data, keyId: parsed.data === 'local' ? null : 'stdio' };
  throw new ConfigError(`MCP_TENANT ${parsed.error.issues[0]?.message ?? 'is wrong'}`);
}
