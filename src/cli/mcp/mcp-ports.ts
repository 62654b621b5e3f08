import { mcpToolsConfig } from '../../config/mcp-config.ts';
import type { McpPorts } from '../../mcp/ports.ts';
import { refuseSpending } from '../../mcp/spending/refuse-spending.ts';
import type { ServePorts } from '../../serve/ports.ts';
import type { Env } from '../context.ts';
import { readVersion } from '../version.ts';

/** The ports of the MCP face, from those of the HTTP API and the settings. @throws {ConfigError} */
export function mcpPorts(
  ports: ServePorts,
  { env, stateSecret }: { env: Env; stateSecret: () => string },
): McpPorts {
  const { withResolve } = mcpToolsConfig(env);
  return {
    ...ports,
    permissions: refuseSpending,
    withResolve,
    stateSecret,
    version: readVersion(),
  };
}
