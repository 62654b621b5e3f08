import type { VideoRequest } from '../client.ts';
import {
  checkedRequest,
  requestFromBody,
  requestFromFlags,
  type RequestFlags,
} from './build-request.ts';
import { gatewayGeneration } from '../config.ts';
import { UsageError, type CliContext } from './context.ts';
import { openPriceBook } from './price-book.ts';
import { quoteRequest, type RequestQuote } from './quote-request.ts';
import { warningWords } from './report-video.ts';
import { readBodyText, storeImages } from './read-inputs.ts';

const fieldFlags = ['prompt', 'model', 'duration', 'size', 'image', 'metadata'] as const;

/**
 * From the flags of `generate` to a request that is worth sending; what the gateway will change silently is said on
 * stderr.
 *
 * @throws {UsageError} It is wrong, or the gateway would surely refuse it.
 */
export async function makeRequest(
  flags: RequestFlags & { body?: string; sendAnyway?: true },
  context: CliContext,
): Promise<{ request: VideoRequest; quote: RequestQuote }> {
  const { env, output } = context;
  const request = flags.body === undefined ? await fromFlags(flags, env) : await fromBody(flags);
  const book = await openPriceBook(context, { live: false });
  const quote = quoteRequest(request, {
    host: gatewayGeneration(env),
    book,
    sendAnyway: flags.sendAnyway,
  });
  const [refusal] = quote.refusals;
  if (refusal) {
    const advice = 'To send it all the same, give --send-anyway';
    throw new UsageError(`Cannot use "${refusal.field}": ${refusal.message}. ${advice}`);
  }
  for (const warning of quote.warnings) {
    output.note(`${output.colors.yellow('warning:')} ${warningWords(warning)}`);
  }
  return { request, quote };
}

/** Built twice: what is wrong beside the images is said before any image is stored. */
async function fromFlags(flags: RequestFlags, env: CliContext['env']): Promise<VideoRequest> {
  const draft = requestFromFlags(flags);
  if (flags.image === undefined) return checkedRequest(draft);
  const image = await storeImages(flags.image, env);
  return checkedRequest(requestFromFlags({ ...flags, image }));
}

async function fromBody(flags: RequestFlags & { body?: string }): Promise<VideoRequest> {
  refuseBesideBody(flags);
  return requestFromBody(await readBodyText(flags.body ?? '-'), flags.format);
}

/** @throws {UsageError} A field flag is given beside `--body`. */
export function refuseBesideBody(flags: RequestFlags): void {
  const conflict = fieldFlags.find((name) => flags[name] !== undefined);
  if (conflict === undefined) return;
  const named = conflict === 'prompt' ? 'a prompt' : `--${conflict}`;
  throw new UsageError(`--body is the whole request, so it cannot go with ${named}`);
}
