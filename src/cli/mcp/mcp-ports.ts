import { mcpConfig, mcpToolsConfig } from '../../config/mcp-config.ts';
import type { McpPorts } from '../../mcp/ports.ts';
import { createSpendPermissions } from '../../mcp/spending/create-spend-permissions.ts';
import type { ServePorts } from '../../serve/ports.ts';
import type { Env } from '../context.ts';
import { readVersion } from '../version.ts';

/** The ports of the MCP face, from those of the HTTP API and the settings. @throws {ConfigError} */
export function mcpPorts(
  ports: ServePorts,
  { env, stateSecret }: { env: Env; stateSecret: () => string },
): McpPorts {
  const { withResolve } = mcpToolsConfig(env);
  const { standing } = mcpConfig(env);
  const { storage, now } = ports;
  return {
    ...ports,
    permissions: createSpendPermissions({ storage, standing, now }),
    withResolve,
    stateSecret,
    version: readVersion(),
  };
}
