import { pathOnly, type RawUrl } from './raw-url.ts';

/** The configured base URL. API requests go to paths below `${href}/v1/`. */
export interface BaseUrl {
  origin: string;
  /** Path before `/v1`, without a trailing slash. Usually empty. */
  prefix: string;
  href: string;
}

/**
 * Normalises the base URL of a gateway: removes trailing slashes and a trailing `/v1`, because for a double slash the
 * gateway returns its web page with status 200.
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
 * Validates the format of an API key.
 *
 * @throws {RangeError} The key is empty or not valid in a header. The message does not contain the key.
 */
export function checkApiKey(apiKey: string): string {
  if (apiKey === '') throw new RangeError('Cannot use an empty API key');
  if (!/^[\u0021-\u007e]+$/.test(apiKey)) {
    throw new RangeError('Cannot use the API key: it has characters that are invalid in a header');
  }
  return apiKey;
}

/**
 * Validates the format of a personal access token.
 *
 * @throws {RangeError} The token is empty or not valid in a header. The message does not contain the token.
 */
export function checkAccessToken(token: string): string {
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  const fault = token === '' ? 'it is empty' : 'it has characters that are invalid in a header';
  throw new RangeError(`Cannot use the access token: ${fault}`);
}

/**
 * Validates an account number.
 *
 * @throws {RangeError} It has characters other than digits.
 */
export function checkUserId(userId: string): string {
  if (/^\d{1,20}$/.test(userId)) return userId;
  throw new RangeError('Cannot use the user id: it must be the number of the account');
}

/**
 * Normalises a trusted origin, where plain http and private addresses are allowed.
 *
 * @throws {RangeError} It has more than scheme, host and port.
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

/** Matches `..` path segments, including percent-encoded ones and backslashes that a server may interpret as slashes. */
const climbs = /(?:\/|%2f|\\|%5c)(?:\.|%2e){2}(?:\/|%2f|\\|%5c|;|$)/i;

/** True if the API key may be sent to this URL: the configured origin, and a path below `/v1/`. */
export function mayCarryKey(base: BaseUrl, url: RawUrl): boolean {
  const path = pathOnly(url);
  return url.origin === base.origin && path.startsWith(`${base.prefix}/v1/`) && !climbs.test(path);
}

function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/, '');
}
