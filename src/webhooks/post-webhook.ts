import { userAgent } from '../gateway/gateway-endpoint.ts';
import { redact } from '../gateway/faults/redact.ts';
import { exchange, type HttpHeaders } from '../gateway/transport/http.ts';
import { createNetwork } from '../gateway/transport/network.ts';
import { parseRawUrl, resolveLocation } from '../gateway/transport/raw-url.ts';
import { retryAfterMs } from '../gateway/transport/retry-after.ts';
import { TransportError } from '../gateway/transport/transport-error.ts';
import { BlockedAddressError, guard, type Resolve } from '../egress/address-guard.ts';
import { hostOf, proxyFor, type ProxySettings } from '../egress/proxy-for.ts';
import { readWebhookUrl } from '../identity/webhook-address.ts';

/** For connection, request and response. Receivers should answer first and work later. */
export const webhookTimeoutMs = 10_000;
/** Of the response, for messages. */
const maxResponseBytes = 4_096;
/** A receiver may postpone the next attempt at most this long. */
const maxRetryAfterMs = 24 * 3_600_000;

export interface PostWebhookOptions {
  proxies?: ProxySettings;
  /** Host name of the gateway, by which a fake-IP resolver of a proxy tool is recognised. */
  gatewayHost: string;
  fakeIps?: 'auto' | 'refuse';
  /** Default: the resolver of the system. */
  resolve?: Resolve;
  /** Origins where http, IP addresses and private addresses are allowed. */
  trustedOrigins: readonly string[];
  /** Default {@link webhookTimeoutMs}. */
  timeoutMs?: number;
}

export interface WebhookPost {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Removed from messages: a receiver may repeat what it was sent. */
  hidden: readonly string[];
  signal?: AbortSignal;
}

/** `answered`: a response was received. `unanswered`: none was. `refused`: the address must not be used. */
export type WebhookAnswer =
  | {
      outcome: 'answered';
      status: number;
      /** Beginning of the body, without line breaks. */
      said: string;
      retryAfterMs?: number;
      /** Host of a redirect, which is not followed. */
      redirectTo?: string;
    }
  | { outcome: 'unanswered' | 'refused'; message: string };

export type PostWebhook = (post: WebhookPost) => Promise<WebhookAnswer>;

/**
 * Sends webhooks: one POST over a new connection, without cookies, redirects or retries. Private addresses are refused
 * after the name is resolved, so that a name cannot change its address in between.
 */
export function createPostWebhook(options: PostWebhookOptions): PostWebhook {
  const { trustedOrigins, timeoutMs = webhookTimeoutMs } = options;
  const network = createNetwork(options);
  const privateBehindProxy = createProxyCheck(options);
  return async ({ url, headers, body, hidden, signal }) => {
    try {
      const target = parseRawUrl(readWebhookUrl(url, { trustedOrigins }));
      if (!target) return refused('it is not a URL');
      const fault = await privateBehindProxy(target.origin);
      if (fault) return refused(fault.message);
      const answer = await exchange({
        method: 'POST',
        url: target,
        headers: {
          ...headers,
          accept: '*/*',
          'accept-encoding': 'identity',
          'content-type': 'application/json',
          'user-agent': userAgent,
        },
        body: Buffer.from(body),
        trusted: trustedOrigins.includes(target.origin),
        network,
        timeoutMs,
        maxBodyBytes: maxResponseBytes,
        cutsBody: true,
        signal,
      });
      const { status } = answer;
      const waitMs = retryAfterMs(answer.headers, Date.now(), maxRetryAfterMs);
      const redirectTo = status >= 300 && status <= 399 ? locationHost(answer.headers, url) : '';
      return {
        outcome: 'answered',
        status,
        said: beginning(answer.body, [...hidden, ...partsOf(url)]),
        ...(waitMs !== undefined && { retryAfterMs: waitMs }),
        ...(redirectTo !== '' && { redirectTo }),
      };
    } catch (error) {
      if (error instanceof RangeError) return refused(`it ${error.message}`);
      if (!(error instanceof TransportError)) throw error;
      if (error.fault === 'aborted') throw error;
      if (error.fault === 'blocked') return refused(error.message);
      return { outcome: 'unanswered', message: error.message };
    }
  };
}

/**
 * A proxy resolves the name itself, and may reach private networks. A name that is private for this process is refused; one
 * that it cannot resolve is left to the proxy.
 */
function createProxyCheck({
  proxies = {},
  fakeIps = 'auto',
  gatewayHost,
  resolve,
  trustedOrigins,
}: PostWebhookOptions): (origin: string) => Promise<BlockedAddressError | null> {
  const proxyOf = proxyFor(proxies);
  const lookup = guard({
    gatewayHost: fakeIps === 'auto' ? gatewayHost : undefined,
    ...(resolve && { resolve }),
  });
  return (origin) => {
    if (trustedOrigins.includes(origin) || !proxyOf(origin)) return Promise.resolve(null);
    return new Promise((settle) => {
      lookup(hostOf(new URL(origin)), { all: true }, (error) =>
        settle(error instanceof BlockedAddressError ? error : null),
      );
    });
  };
}

function refused(message: string): WebhookAnswer {
  return { outcome: 'refused', message };
}

/** Empty for a redirect without a usable address. */
function locationHost({ location }: HttpHeaders, from: string): string {
  const base = parseRawUrl(from);
  if (location === undefined || !base) return '';
  const target = parseRawUrl(resolveLocation(base, location));
  return target ? new URL(target.origin).host : '';
}

/** Shorter parts of an address are no secrets, and would remove words of the response. */
const minPartLength = 6;

/**
 * Path and query of an address, whole, in their parts, and decoded: error pages of common servers repeat them. The longest
 * first, so that no rest is left.
 */
function partsOf(url: string): string[] {
  const { pathname, search, searchParams } = new URL(url);
  const raw = [pathname, search, ...`${pathname}${search}`.split(/[/?&=]/)];
  const all = [`${pathname}${search}`, ...raw, ...raw.map(decoded), ...searchParams.values()];
  const long = all.filter((part) => part.length >= minPartLength);
  return [...new Set(long)].toSorted((one, other) => other.length - one.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const saidLength = 200;

function beginning(body: Buffer, hidden: readonly string[]): string {
  const text = redact(body.toString('utf8'), hidden);
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, saidLength);
}
