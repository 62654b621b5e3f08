import { BlockList, isIP } from 'node:net';

/** Proxy settings, from the variables that curl, Go and most tools share. */
export interface ProxySettings {
  /** Proxy for https URLs: an http or https URL, with credentials if required. */
  httpsProxy?: string;
  /** Proxy for http URLs. */
  httpProxy?: string;
  /** Hosts without a proxy, separated by commas or spaces. */
  noProxy?: string;
}

/** The proxy of an origin, by scheme and host; undefined if none is used. */
export type ProxyFor = (origin: string) => URL | undefined;

/**
 * Selects the proxy by the rules that most tools share. In `noProxy`, `*` matches every host, `example.com` and
 * `.example.com` match that domain and its subdomains, `host:port` matches one port, an IP address matches
 * itself, and a CIDR block matches its addresses. Loopback is never proxied.
 */
export function proxyFor({ httpsProxy, httpProxy, noProxy = '' }: ProxySettings): ProxyFor {
  const rules = noProxy
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(toRule);
  return (origin) => {
    const url = new URL(origin);
    const proxy = url.protocol === 'https:' ? httpsProxy : httpProxy;
    if (proxy === undefined || isLoopback(hostOf(url))) return undefined;
    const target = { host: hostOf(url), port: portOf(url) };
    return rules.some((matches) => matches(target)) ? undefined : new URL(proxy);
  };
}

/** The URL of a proxy for people, without credentials. */
export function proxyName(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

/** The host of a URL, without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** The port of a URL, explicit or default. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

interface Target {
  host: string;
  port: number;
}

type Rule = (target: Target) => boolean;

function toRule(text: string): Rule {
  if (text === '*') return () => true;
  const block = blockOf(text);
  if (block) return ({ host }) => isIP(host) !== 0 && block.check(host, familyOf(host));
  const [, name = '', port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(text.toLowerCase()) ?? [];
  return (target) =>
    (target.host === name || target.host.endsWith(`.${name}`)) &&
    (port === undefined || target.port === Number(port));
}

/** Parses an IP address, with or without brackets, or a CIDR block. */
function blockOf(text: string): BlockList | undefined {
  const [address = '', prefix] = text.replaceAll(/[[\]]/g, '').split('/');
  if (isIP(address) === 0) return undefined;
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(address, familyOf(address));
  else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128)) {
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host is this machine. @param host Without the brackets of an IPv6 address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIP(host) !== 0 && loopback.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
