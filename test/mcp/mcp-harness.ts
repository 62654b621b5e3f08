import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ElicitRequest,
  type ElicitResult,
} from '@modelcontextprotocol/client';
import { addMcp } from '../../src/mcp/mcp-app.ts';
import type { McpPorts } from '../../src/mcp/ports.ts';
import { createApp } from '../../src/serve/app.ts';
import { serveHarness, type ServeHarnessOptions } from '../serve/serve-harness.ts';
import { fakePermissions } from './fake-permissions.ts';

/** A person behind a client, who answers its forms. */
export type Person = (question: ElicitRequest['params']) => ElicitResult;

/** How a client connects. */
export interface Connection {
  person?: Person;
  /** The protocol. Default: the newest. */
  mode?: 'modern' | 'legacy';
  apiKey?: string;
}

const url = 'http://127.0.0.1:8787/mcp';

/** The MCP face of the HTTP API on a fake Temporal server and a real folder, without a socket. */
export async function mcpHarness(options: ServeHarnessOptions & Partial<McpPorts> = {}) {
  const { keysFile, rateLimit, ...own } = options;
  const serve = await serveHarness({
    ...(keysFile !== undefined && { keysFile }),
    ...(rateLimit && { rateLimit }),
  });
  const permissions = fakePermissions();
  const ports: McpPorts = {
    ...serve.ports,
    permissions,
    withResolve: false,
    stateSecret: () => 'a secret',
    version: '0.0.0',
    ...own,
  };
  const app = createApp(ports, [(faced) => addMcp(faced, ports)]);
  const requests: { headers: Headers; body: string }[] = [];
  const connect = async ({ person, mode = 'modern', apiKey }: Connection = {}) => {
    const capabilities = person ? { elicitation: { form: {} } } : {};
    const pinned = mode === 'legacy' ? mode : { pin: '2026-07-28' };
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities, versionNegotiation: { mode: pinned } },
    );
    if (person) {
      client.setRequestHandler('elicitation/create', ({ params }) =>
        Promise.resolve(person(params)),
      );
    }
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      fetch: async (to, init) => {
        const request = new Request(to, init);
        request.headers.set('host', '127.0.0.1:8787');
        requests.push({ headers: request.headers, body: await request.clone().text() });
        return app.fetch(request);
      },
      requestInit: { headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` } },
    });
    await client.connect(transport);
    const call = async (name: string, given: Record<string, unknown> = {}) =>
      (await client.callTool({ name, arguments: given })) as CallToolResult;
    return { client, call };
  };
  return { ...serve, app, ports, permissions, connect, requests, url };
}

/** The text of a result. */
export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

/** The structured content of a result. */
export function dataOf({ structuredContent }: CallToolResult): Record<string, unknown> {
  return structuredContent as Record<string, unknown>;
}

export const cat = { model: 'sora-2', prompt: 'A cat naps in the sun', seconds: 4 };

export const agrees: Person = () => ({ action: 'accept', content: { pay: true } });
