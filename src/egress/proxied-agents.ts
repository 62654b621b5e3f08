import { Agent as PlainAgent, type AgentOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { familyAttemptTimeoutMs } from './dual-stack.ts';
import { openTunnel } from './open-tunnel.ts';
import type { ProxyFor } from './proxy-for.ts';

const tunnelTimeoutMs = 10_000;

interface Target {
  host?: string | null;
  port?: number | string | null;
  servername?: string;
}

type Created = (error: Error | null, socket?: Socket) => void;
type CreateConnection = (target: Target, created: Created) => Socket | undefined;

/** Agents of node:http and node:https that use the configured proxies. */
export function proxiedAgents(
  proxyFor: ProxyFor,
  options: AgentOptions = {},
): { httpAgent: PlainAgent; httpsAgent: SecureAgent } {
  const all = { autoSelectFamilyAttemptTimeout: familyAttemptTimeoutMs, ...options };
  return {
    httpAgent: throughProxy(new PlainAgent(all), { proxyFor, scheme: 'http' }),
    httpsAgent: throughProxy(new SecureAgent(all), { proxyFor, scheme: 'https' }),
  };
}

function throughProxy<T extends PlainAgent>(
  agent: T,
  { proxyFor, scheme }: { proxyFor: ProxyFor; scheme: 'http' | 'https' },
): T {
  // Node documents createConnection as the extension point of agents; @types/node 20 does not declare it.
  const extensible = agent as unknown as { createConnection: CreateConnection };
  const connectDirectly = extensible.createConnection.bind(agent);
  extensible.createConnection = (target, created) => {
    const host = target.host ?? 'localhost';
    const port = Number(target.port ?? (scheme === 'https' ? 443 : 80));
    const proxy = proxyFor(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`);
    if (!proxy) return connectDirectly(target, created);
    openTunnel(proxy, { host, port, timeoutMs: tunnelTimeoutMs }).then(
      (socket) =>
        created(null, scheme === 'https' ? connect({ ...target, socket } as object) : socket),
      (error: unknown) => created(error as Error),
    );
    return undefined;
  };
  return agent;
}
