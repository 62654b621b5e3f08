import { pathOnly, type RawUrl } from './raw-url.ts';

/** The configured gateway: everything of ours is asked below `${href}/v1/`. */
export interface BaseUrl {
  origin: string;
  /** Path before `/v1`, without a slash at its end; mostly empty. */
  prefix: string;
  href: string;
}

/**
 * Normalises the base URL of a gateway: slashes at the end and a `/v1` at the end are removed, since a doubled slash
 * gets the gateway's web page with status 200.
 *
 * @throws {RangeError} For anything but a plain http(s) address.
 */
export function parseBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(
      `Cannot use base URL "${withoutSecrets(text)}": it must begin with http:// or https://`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new RangeError(
      'Cannot use a base URL with a user name, a password, a query or a fragment',
    );
  }
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
  return { origin: url.origin, prefix, href: `${url.origin}${prefix}` };
}

/**
 * Checks an API key by its form.
 *
 * @throws {RangeError} When it is empty or cannot stand in a header; the key is not in the message.
 */
export function checkApiKey(apiKey: string): string {
  if (apiKey === '') throw new RangeError('Cannot use an empty API key');
  if (!/^[\u0021-\u007e]+$/.test(apiKey)) {
    throw new RangeError('Cannot use the API key: it has characters that cannot go in a header');
  }
  return apiKey;
}

/**
 * Checks a personal access token by its form.
 *
 * @throws {RangeError} When it is empty or cannot stand in a header; the token is not in the message.
 */
export function checkAccessToken(token: string): string {
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  const fault = token === '' ? 'it is empty' : 'it has characters that cannot go in a header';
  throw new RangeError(`Cannot use the access token: ${fault}`);
}

/**
 * Checks the number of an account.
 *
 * @throws {RangeError} When it is not made of digits.
 */
export function checkUserId(userId: string): string {
  if (/^\d{1,20}$/.test(userId)) return userId;
  throw new RangeError('Cannot use the user id: it must be the number of the account');
}

/**
 * Normalises an origin the operator trusts: plain http and private addresses are allowed there.
 *
 * @throws {RangeError} For anything but scheme, host and port.
 */
export function parseTrustedOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new RangeError(
      `Cannot trust "${withoutSecrets(text)}": it must be an origin such as https://media.example`,
    );
  }
  return url.origin;
}

/** A way up, also as a server may read it that decodes first or takes a backslash for a slash. */
const climbs = /(?:\/|%2f|\\|%5c)(?:\.|%2e){2}(?:\/|%2f|\\|%5c|;|$)/i;

/** Tells whether the API key may travel to this address: our origin, and below `/v1/`. */
export function mayCarryKey(base: BaseUrl, url: RawUrl): boolean {
  const path = pathOnly(url);
  return url.origin === base.origin && path.startsWith(`${base.prefix}/v1/`) && !climbs.test(path);
}

function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/, '');
}
