import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

/**
 * Whether the client can ask its person with a form. Newer clients say so with each request, older ones when they connect,
 * which a stateless server does not remember.
 */
export function canAsk(server: McpServer, { mcpReq }: ServerContext): boolean {
  // The SDK has checked the envelope; its type does not name the keys.
  const envelope: { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } = mcpReq.envelope ?? {};
  const capabilities =
    envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const { elicitation } = capabilities ?? {};
  // A client that names no mode has forms.
  return (
    elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
  );
}
