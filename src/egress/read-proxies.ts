import type { ProxySettings } from './proxy-for.ts';

/**
 * Reads the proxy variables that curl, Go and most tools share, in upper and lower case. Lower case takes precedence.
 * Undefined if no proxy is set.
 *
 * @throws {RangeError} A value is not the URL of an HTTP proxy.
 */
export function readProxies(env: Record<string, string | undefined>): ProxySettings | undefined {
  const httpsProxy = readProxy(env, 'HTTPS_PROXY');
  const httpProxy = readProxy(env, 'HTTP_PROXY');
  if (httpsProxy === undefined && httpProxy === undefined) return undefined;
  const noProxy = read(env, 'NO_PROXY')?.text;
  return {
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(httpProxy !== undefined && { httpProxy }),
    ...(noProxy !== undefined && { noProxy }),
  };
}

/** A value without a scheme is an http proxy, as in curl. */
function readProxy(env: Record<string, string | undefined>, name: string): string | undefined {
  const found = read(env, name);
  if (!found) return undefined;
  const address = found.text.includes('://') ? found.text : `http://${found.text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '') return url.href;
  throw new RangeError(
    `${found.name} must be the URL of an HTTP proxy, http://host:port; SOCKS proxies are not supported`,
  );
}

/** An empty variable counts as not set. */
function read(
  env: Record<string, string | undefined>,
  name: string,
): { name: string; text: string } | undefined {
  for (const spelling of [name.toLowerCase(), name]) {
    const text = env[spelling]?.trim();
    if (text !== undefined && text !== '') return { name: spelling, text };
  }
  return undefined;
}
