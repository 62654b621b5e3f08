import type { CallToolResult, InputRequiredResult, McpServer } from '@modelcontextprotocol/server';
import { toApiError } from '../../serve/http/error-table.ts';
import type { McpCaller, McpPorts } from '../ports.ts';
import { toolError } from '../results/tool-error.ts';

/** What the tools of one server are made of. */
export interface ToolParts {
  server: McpServer;
  ports: McpPorts;
  caller: McpCaller;
}

type Result = CallToolResult | InputRequiredResult;

/** Runs a tool. An error is a result that an agent can read, never an error of the protocol. */
export async function guarded(
  { ports, caller }: Pick<ToolParts, 'ports' | 'caller'>,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (thrown) {
    const error = toApiError(thrown);
    const requestId = caller.requestId();
    if (error.status >= 500) ports.onError(thrown, requestId);
    return toolError(error, requestId);
  }
}
