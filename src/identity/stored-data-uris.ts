import { createHash } from 'node:crypto';
import { jsonFault } from '../contract/json-fault.ts';
import { dataUriReference, isLongDataUri, storedDataUri } from '../contract/stored-inputs.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { formDigest, requestDigest } from './request-digest.ts';

/** Stores the text of a data URI under its SHA-256 (hex). */
export type StoreText = (text: string, sha256: string) => Promise<void>;
/** Reads the text with a SHA-256 (hex); null if there is none. */
export type ReadText = (sha256: string) => Promise<string | null>;

/** A request that may not be validated yet. */
type Form = Parameters<typeof requestDigest>[0];

/**
 * Stores the long data URIs of a request and replaces them by references. The request keeps the digest of its original
 * form, so a key that was paid for with inline bytes still belongs to the same request.
 */
export async function storeDataUris<Given extends Form>(
  request: Given,
  store: StoreText,
): Promise<Given> {
  const body = await mapTexts(request.body, async (text) => {
    if (!isLongDataUri(text)) return text;
    const sha256 = createHash('sha256').update(text).digest('hex');
    await store(text, sha256);
    return dataUriReference(text, sha256);
  });
  if (body === request.body) return request;
  const { asGiven: _, ...stored } = { ...request, body };
  return { ...request, body, asGiven: digests(request, stored) };
}

/**
 * Replaces the references in a request by the original data URIs, byte for byte.
 *
 * @throws {RangeError} One is not stored, or the request has the digest of another form, so its key could be paid
 *   twice.
 */
export async function inlineDataUris(request: VideoRequest, read: ReadText): Promise<VideoRequest> {
  const inline = await readInline(request, read);
  const { format, body } = inline;
  if (formDigest({ format, body }) === requestDigest(request)) return inline;
  throw new RangeError(
    'The request was changed after its data URIs were stored; pass the data URIs again',
  );
}

/**
 * Updates the digests of a request after an intended change, e.g. of a date. @throws {RangeError} A data URI is not
 * stored.
 */
export async function redigest(request: VideoRequest, read: ReadText): Promise<VideoRequest> {
  const { asGiven, ...stored } = request;
  if (!asGiven || asGiven.storedDigest === formDigest(stored)) return request;
  return { ...stored, asGiven: digests(await readInline(request, read), stored) };
}

function digests(given: Form, stored: Form): NonNullable<VideoRequest['asGiven']> {
  return { requestDigest: requestDigest(given), storedDigest: formDigest(stored) };
}

/**
 * As {@link storeDataUris}, for a request that is not validated yet: nothing is stored, and the texts are returned by
 * their SHA-256 (hex). A request that is not JSON stays as it is and is refused later.
 */
export async function nameDataUris<Given extends Form>(
  given: Given,
): Promise<{ request: Given; texts: Map<string, string> }> {
  const texts = new Map<string, string>();
  if (jsonFault(given)) return { request: given, texts };
  const request = await storeDataUris(given, async (text, sha256) => {
    texts.set(sha256, text);
  });
  return { request, texts };
}

async function readInline(request: VideoRequest, read: ReadText): Promise<VideoRequest> {
  const body = await mapTexts(request.body, async (text) => {
    const sha256 = storedDataUri(text);
    if (sha256 === undefined) return text;
    const uri = await read(sha256);
    if (uri === null) throw new RangeError(`The data URI "${text}" is not stored; pass it again`);
    return uri;
  });
  if (body === request.body) return request;
  return { format: request.format, body: body as VideoRequest['body'] };
}

/** Returns the same value if no text changes. */
async function mapTexts(value: unknown, map: (text: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  const before = Object.entries(value);
  const after: [string, unknown][] = [];
  for (const [name, inner] of before) after.push([name, await mapTexts(inner, map)]);
  if (after.every(([, inner], at) => inner === before[at]?.[1])) return value;
  return Array.isArray(value) ? after.map(([, inner]) => inner) : Object.fromEntries(after);
}
