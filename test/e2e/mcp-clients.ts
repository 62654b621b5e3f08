import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ElicitRequest,
  type ElicitResult,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { program, type Where } from './onetake.ts';

/** A person behind a client, who answers its forms. */
export type Person = (question: ElicitRequest['params']) => ElicitResult;

/** What an agent can do. */
export interface Agent extends AsyncDisposable {
  client: Client;
  call(name: string, given?: Record<string, unknown>): Promise<CallToolResult>;
}

/** The newest client. Without a person it cannot ask. */
export async function connectHttp(
  url: string,
  { person, apiKey }: { person?: Person; apiKey?: string } = {},
): Promise<Agent> {
  const headers: Record<string, string> =
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }),
    person,
  );
}

/** The same over the standard streams of `onetake mcp`. */
export async function connectStdio(
  where: Where,
  { person, env = {} }: { person?: Person; env?: Record<string, string> } = {},
): Promise<Agent & { transport: StdioClientTransport }> {
  const transport = new StdioClientTransport(onetakeMcp(where, env));
  return { ...(await connect(transport, person)), transport };
}

/** How a host starts `onetake mcp`. */
export function onetakeMcp({ folder, env }: Where, more: Record<string, string> = {}) {
  const { GATEWAY_API_KEY: _key, ...settings } = env;
  return {
    command: process.execPath,
    args: [program, 'mcp'],
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...settings, ...more },
    stderr: 'pipe' as const,
  };
}

async function connect(
  transport: StreamableHTTPClientTransport | StdioClientTransport,
  person?: Person,
): Promise<Agent> {
  const client = new Client(
    { name: 'e2e', version: '1' },
    {
      capabilities: person ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    },
  );
  if (person) {
    client.setRequestHandler('elicitation/create', ({ params }) => Promise.resolve(person(params)));
  }
  await client.connect(transport);
  return {
    client,
    call: async (name, given = {}) =>
      (await client.callTool({ name, arguments: given })) as CallToolResult,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The structured content of a result. @throws {Error} It is an error. */
export function dataOf({
  isError,
  structuredContent,
  content,
}: CallToolResult): Record<string, unknown> {
  if (isError) throw new Error(JSON.stringify(content));
  return structuredContent as Record<string, unknown>;
}

/** What the error of a result says to programs. */
export function errorOf({ isError, _meta }: CallToolResult): Record<string, unknown> {
  if (!isError) throw new Error('It is no error');
  return _meta?.['onetake/error'] as Record<string, unknown>;
}

export const agrees: Person = () => ({ action: 'accept', content: { pay: true } });

/** A person opens the page of a quote and approves it. */
export async function approveOnPage(address: unknown, apiKey?: string): Promise<void> {
  const url = String(address);
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: new URL(url).origin,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(apiKey === undefined ? {} : { key: apiKey }),
  });
  if (response.status !== 303) throw new Error(`${response.status}: ${await response.text()}`);
}

/** Waits as an agent does: with bounded calls. */
export async function untilEnded(agent: Pick<Agent, 'call'>, id: unknown) {
  for (;;) {
    const video = dataOf(await agent.call('wait_for_video', { id, seconds: 10 }));
    if (video['timed_out'] === false) return video;
  }
}
