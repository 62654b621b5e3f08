import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import type { VideoRequest } from '../../client.ts';
import {
  checkedRequest,
  givenBody,
  mediaFlags,
  namesRoles,
  requestFromFlags,
  type GivenRequest,
  type RequestFlags,
} from './build-request.ts';
import { gatewayGeneration } from '../../config/gateway-config.ts';
import { UsageError, type CliContext } from '../context.ts';
import { openPriceBook } from '../models/price-book.ts';
import { quoteRequest, type RequestQuote } from '../../contract/quote-request.ts';
import { warningWords } from './report-video.ts';
import { nameDataUris } from '../../identity/stored-data-uris.ts';
import { nameMedia, readBodyText, storeMedia, storeTexts } from './read-inputs.ts';

const fieldFlags = [
  'prompt',
  'model',
  'duration',
  'size',
  'ratio',
  'resolution',
  'audio',
  ...mediaFlags,
  'metadata',
] as const;

/**
 * Makes a checked request of the flags of `generate`. Silent changes by the gateway are warnings on stderr.
 *
 * @throws {UsageError} It is invalid, or every known plugin of the gateway refuses it.
 */
export async function makeRequest(
  flags: RequestFlags & { body?: string; sendAnyway?: true },
  context: CliContext,
): Promise<{ request: VideoRequest; quote: RequestQuote }> {
  const { env, output } = context;
  const host = gatewayGeneration(env);
  const given = flags.body === undefined ? await fromFlags(flags, host) : await fromBody(flags);
  const named = await nameDataUris(given);
  const request = checkedRequest(named.request);
  const book = await openPriceBook(context, { live: false });
  const quote = quoteRequest(request, {
    host,
    book,
    rolesNamed: namesRoles(flags),
    sendAnyway: flags.sendAnyway,
  });
  const [refusal] = quote.refusals;
  if (refusal) {
    const advice = 'To send it anyway, add --send-anyway';
    throw new UsageError(`Cannot use "${refusal.field}": ${refusal.message}. ${advice}`);
  }
  for (const warning of quote.warnings) {
    output.note(`${output.colors.yellow('warning:')} ${warningWords(warning)}`);
  }
  // Nothing is stored for a request that is refused.
  await storeMedia(flags, env);
  await storeTexts(named.texts, env);
  return { request, quote };
}

async function fromFlags(flags: RequestFlags, host: HostGeneration): Promise<VideoRequest> {
  return requestFromFlags(await nameMedia(flags), host);
}

async function fromBody(flags: RequestFlags & { body?: string }): Promise<GivenRequest> {
  refuseBesideBody(flags);
  return givenBody(await readBodyText(flags.body ?? '-'), flags.format);
}

/** @throws {UsageError} A field flag is given beside `--body`. */
export function refuseBesideBody(flags: RequestFlags): void {
  const conflict = fieldFlags.find((name) => flags[name] !== undefined);
  if (conflict === undefined) return;
  const flag = conflict.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const named = conflict === 'prompt' ? 'a prompt' : `--${flag}`;
  throw new UsageError(`--body is the whole request, so it cannot go with ${named}`);
}
