import { createHash, randomBytes } from 'node:crypto';
import { quoteRequest } from '../../contract/quote-request.ts';
import { workflowIdPrefix } from '../../contract/task-queues.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import type { StudioPorts } from '../ports.ts';
import type { createTexts } from '../texts/create.ts';
import type { TextsOf } from '../texts/in-language.ts';
import type { Offer } from './quote-page.ts';
import type { FieldFault, GivenFields } from './video-fields.ts';

/** What a form is sent with. */
export interface Wanted {
  request: VideoRequest;
  tags: string;
  /** Of the form. */
  nonce: string;
  /** Default: made of the form and its content. */
  name: string;
  given?: GivenFields;
}

/** Tells one form from another one. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

const keyLength = 16;

/**
 * The quote of a request, and the key that it is paid with. The same form with the same content has the same key, however
 * often it is loaded or sent; other content is another video.
 */
export async function makeOffer(
  { host, prices: book, videos }: StudioPorts,
  { request, tags, nonce, name, given }: Wanted,
  texts: TextsOf<typeof createTexts>,
): Promise<{ offer: Offer } | { faults: FieldFault[] }> {
  const quote = quoteRequest(request, { host, book });
  // What is refused is corrected in the form, which has the values.
  if (quote.refusals.length > 0 && given) {
    const faults = quote.refusals.map(({ field, message }) => ({ field: nameOf(field), message }));
    return { faults };
  }
  const digest = requestDigest(request);
  const key = name === '' ? keyOf(nonce, digest, tags) : name;
  const row = { videoId: workflowIdPrefix + key, requestDigest: digest };
  const [prospect] = await videos.batches.lookUp([row]);
  const isTaken = prospect === 'conflict' || prospect === 'billed';
  if (isTaken && given) return { faults: [{ field: 'name', message: texts.conflict }] };
  const exists = prospect === 'joined' || prospect === 'cached';
  return { offer: { request, quote, key, tags, exists, ...(given && { given }) } };
}

function keyOf(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `studio-${hash.slice(0, keyLength)}`;
}

/** The field of the form by the field of the body. */
function nameOf(field: string): FieldFault['field'] {
  if (/prompt/.test(field)) return 'prompt';
  if (/second|duration|length/.test(field)) return 'seconds';
  if (/ratio/.test(field)) return 'ratio';
  if (/resolution|size/.test(field)) return 'resolution';
  if (/audio|sound/.test(field)) return 'audio';
  return /image|frame|reference|video/.test(field) ? 'images' : 'metadata';
}
