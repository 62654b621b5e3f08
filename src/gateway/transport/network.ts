import type { Agent as PlainAgent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { familyAttemptTimeoutMs } from '../../egress/dual-stack.ts';
import { openTunnel } from '../../egress/open-tunnel.ts';
import { proxiedAgents } from '../../egress/proxied-agents.ts';
import { hostOf, portOf, proxyFor, proxyName, type ProxySettings } from '../../egress/proxy-for.ts';
import { guard, type Resolve } from '../../egress/address-guard.ts';
import { TransportError } from './transport-error.ts';

export const connectTimeoutMs = 10_000;

interface Route {
  /** Private addresses are allowed. */
  trusted: boolean;
  origin: string;
}

/** Opens outgoing connections: directly, with resolved addresses checked, or through a proxy. */
export interface Network {
  /** For undici. */
  connector(route: Route): buildConnector.connector;
  /** For node:http. */
  socketOptions(route: Route): SocketOptions;
  /** Adds the name of the proxy to an error. */
  named(error: TransportError, origin: string): TransportError;
}

interface SocketOptions {
  agent: PlainAgent | SecureAgent;
  lookup?: LookupFunction;
}

/** Host names are checked only for direct connections. A proxy resolves names and decides which hosts are allowed. */
export function createNetwork({
  gatewayHost,
  proxies = {},
  fakeIps = 'auto',
  resolve,
}: {
  gatewayHost: string;
  proxies?: ProxySettings;
  fakeIps?: 'auto' | 'refuse';
  /** Default: the resolver of the system. */
  resolve?: Resolve;
}): Network {
  const proxyOf = proxyFor(proxies);
  const lookup = guard({
    gatewayHost: fakeIps === 'auto' ? gatewayHost : undefined,
    ...(resolve && { resolve }),
  });
  const options = {
    timeout: connectTimeoutMs,
    autoSelectFamilyAttemptTimeout: familyAttemptTimeoutMs,
  };
  const open = buildConnector(options);
  const guarded = buildConnector({ ...options, lookup });
  return {
    connector: ({ trusted, origin }) => {
      const proxy = proxyOf(origin);
      if (proxy) return tunnelled(open, proxy);
      return trusted ? open : guarded;
    },
    socketOptions: ({ trusted, origin }) => {
      const { httpAgent, httpsAgent } = proxiedAgents(proxyOf);
      return {
        agent: origin.startsWith('https:') ? httpsAgent : httpAgent,
        ...(!trusted && { lookup }),
      };
    },
    named: (error, origin) => {
      const proxy = proxyOf(origin);
      if (!proxy || error.fault === 'aborted' || error.code === 'EPROXYREFUSED') return error;
      const name = proxyName(proxy);
      if (error.message.includes(name)) return error;
      const { fault, sent, code, cause } = error;
      return new TransportError(fault, `${error.message}, through the proxy "${name}"`, {
        sent,
        code,
        cause,
      });
    },
  };
}

/** With https, the TLS session is with the target host, not with the proxy. */
function tunnelled(open: buildConnector.connector, proxy: URL): buildConnector.connector {
  return (options, callback) => {
    const { protocol } = options;
    const target = new URL(`${protocol}//${options.host ?? options.hostname}`);
    const place = { host: hostOf(target), port: portOf(target), timeoutMs: connectTimeoutMs };
    openTunnel(proxy, place).then(
      (socket) => {
        if (protocol === 'https:') open({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}
