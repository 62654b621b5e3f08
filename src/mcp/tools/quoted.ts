import { takeCallback } from '../../contract/callback-url.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import type { CreateBody } from '../../serve/bodies/read-create-body.ts';
import { quoteObject, type QuoteObject } from '../../serve/catalogue/quote-video.ts';
import type { McpCaller, McpPorts } from '../ports.ts';
import { readRequest } from '../request/read-request.ts';
import { shownRequest } from '../request/shown-request.ts';
import type { VideoFields } from '../request/video-fields.ts';
import type { SpendRequest } from '../spending/spend-permission.ts';

/** A request before it is paid. */
export interface Quoted {
  read: CreateBody;
  quote: QuoteObject;
  /** What a person permits; null if the request would be refused. */
  spend: SpendRequest | null;
}

/** Quotes the arguments. Starts and stores nothing. @throws {ApiError} 400 */
export async function quoted(
  { ports, caller }: { ports: McpPorts; caller: McpCaller },
  given: VideoFields,
  key?: string,
): Promise<Quoted> {
  const read = await readRequest(ports, given);
  const quote = await quoteObject(read, ports);
  if (quote.refusals.length > 0) return { read, quote, spend: null };
  const { model, prompt } = read.request.body;
  const { tenant, serverUrl } = caller;
  const spend = {
    tenant,
    digest: requestDigest(read.request),
    runDigest: requestDigest(takeCallback(read.request).request),
    ...(key !== undefined && { key }),
    money: quote.cost.money,
    prices: quote.cost.prices,
    model,
    prompt: typeof prompt === 'string' ? prompt : null,
    makes: quote.makes,
    shown: shownRequest(read.request),
    ...(serverUrl !== undefined && { serverUrl }),
  };
  return { read, quote, spend };
}
