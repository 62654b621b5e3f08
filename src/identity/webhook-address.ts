import { isIP } from 'node:net';

/** Longest address of a webhook, in characters. */
export const maxWebhookUrl = 2_048;

export interface WebhookAddressOptions {
  /** Origins where plain http, IP addresses and local names are allowed, e.g. `http://127.0.0.1:9000`. */
  trustedOrigins?: readonly string[];
}

/**
 * Checks the form of an address that webhooks are sent to, and normalises it. The name is not resolved: that happens at
 * each delivery.
 *
 * @throws {RangeError} It is not a public https address. The message does not contain the address, because its path or
 *   query may be secret.
 */
export function readWebhookUrl(text: string, options: WebhookAddressOptions = {}): string {
  if (text.length > maxWebhookUrl) {
    throw new RangeError(`is longer than ${maxWebhookUrl} characters`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new RangeError('must be an https address');
  if (url.username !== '' || url.password !== '') {
    throw new RangeError('must not contain a user name or password; webhooks are signed instead');
  }
  if (url.hash !== '') throw new RangeError('must not contain a fragment (#)');
  if (options.trustedOrigins?.includes(url.origin)) return url.href;
  if (url.protocol !== 'https:') throw new RangeError('must begin with https://');
  demandPublicName(url.hostname);
  return url.href;
}

/**
 * Checks the host of callbacks: a host name, with a port unless it is 443. Returns it in lower case.
 *
 * @throws {RangeError} It is not a public host name.
 */
export function readCallbackHost(text: string, options: WebhookAddressOptions = {}): string {
  const trusted = (options.trustedOrigins ?? []).map((origin) => new URL(origin).host);
  if (trusted.includes(text.toLowerCase())) return text.toLowerCase();
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  if (!url || url.href !== `https://${url.host}/` || /[/@?#\\\s]/.test(text)) {
    throw new RangeError(
      'must be a host name such as hooks.example.com, without https:// and path',
    );
  }
  demandPublicName(url.hostname);
  return url.host;
}

/**
 * Whether a `callback_url` may be called: it is an address as {@link readWebhookUrl} demands it, on one of the hosts.
 */
export function isCallbackAllowed(
  url: string,
  hosts: readonly string[],
  options: WebhookAddressOptions = {},
): boolean {
  try {
    return hosts.includes(new URL(readWebhookUrl(url, options)).host);
  } catch {
    return false;
  }
}

/** Names without a dot, and the reserved names of RFC 6761, never lead to a public server. */
function demandPublicName(hostname: string): void {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    throw new RangeError('must have a host name, not an IP address');
  }
  const name = hostname.replace(/\.$/, '');
  if (name.includes('.') && !/\.(localhost|local|internal)$/.test(name)) return;
  throw new RangeError('must have a public host name');
}
