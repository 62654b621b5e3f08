import type { z } from 'zod';
import { quoteRequest } from '../../contract/quote-request.ts';
import { videoFormats, type VideoFormat } from '../../contract/video-request.ts';
import { nameDataUris } from '../../identity/stored-data-uris.ts';
import type { quoteSchema } from '../api/catalogue-schemas.ts';
import { readCreateBody, type CreateBody } from '../bodies/read-create-body.ts';
import { ApiError } from '../http/api-error.ts';
import type { ServePorts } from '../ports.ts';

/** The response object of a quote. */
export type QuoteObject = z.output<typeof quoteSchema>;

/** Quotes the body of a create. Starts nothing and stores nothing. @throws {ApiError} 400, 408, 413, 415 */
export async function quoteVideo(
  request: Request,
  format: VideoFormat,
  ports: Pick<ServePorts, 'host' | 'prices'>,
): Promise<QuoteObject> {
  const read = await readCreateBody(request, { format, storage: nothingStored });
  return quoteObject(read, ports);
}

/** The same for a body that is read already. */
export async function quoteObject(
  read: Pick<CreateBody, 'request'>,
  { host, prices: book }: Pick<ServePorts, 'host' | 'prices'>,
): Promise<QuoteObject> {
  const { format } = read.request;
  const named = await nameDataUris(read.request);
  const { model, makes, refusals, warnings, cost } = quoteRequest(named.request, { host, book });
  return { object: 'quote', model, format, makes, refusals, warnings, cost };
}

/** The format of a quote, `?format=`. @throws {ApiError} 400 */
export function formatOf(text = 'videos'): VideoFormat {
  const known = videoFormats.find((name) => name === text);
  if (known) return known;
  const message = `Invalid "format": it must be ${videoFormats.join(' or ')}`;
  throw new ApiError(400, 'invalid_request', { message, param: 'format' });
}

/** A storage for bodies that are only quoted. */
export const nothingStored: Parameters<typeof readCreateBody>[1]['storage'] = {
  writeSmall: async () => {},
  stage: () => {
    const message = 'A quote takes JSON: give an image as an address or a data URI';
    throw new ApiError(415, 'unsupported_media_type', { message });
  },
};
