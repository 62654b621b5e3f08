import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { OpenResultOptions } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import type { WireServer } from '../fakes/wire-server.ts';

/** The key of `open`. */
export const apiKey = 'sk-canary-0123456789';
/** Some bytes. */
export const video = Buffer.alloc(200_000, 7);
/** A reply with them. */
export const mp4 = { headers: { 'content-type': 'video/mp4' }, body: video };

export interface Opening extends Partial<OpenResultOptions> {
  url: string;
  base?: string;
  trusted?: string[];
}

/** Opens a result and reads it to its end. */
export async function open({
  url,
  base = 'https://gateway.invalid',
  trusted = [],
  ...options
}: Opening) {
  const gateway = createGateway({ baseUrl: base, apiKey, trustedOrigins: trusted });
  const result = await gateway.openResult(
    { url },
    { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000, ...options },
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of result.body) chunks.push(Buffer.from(chunk));
  return { ...result, bytes: Buffer.concat(chunks) };
}

/** The error of `open`. */
export async function failure(opening: Opening): Promise<GatewayError> {
  const error: unknown = await open(opening).catch((reason: unknown) => reason);
  if (!(error instanceof GatewayError))
    throw new Error('Expected a GatewayError', { cause: error });
  return error;
}

/** An option that trusts these servers. */
export const trusting = (...servers: WireServer[]) => ({
  trusted: servers.map(({ origin }) => origin),
});
