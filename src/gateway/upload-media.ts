import { createHash } from 'node:crypto';
import { z } from 'zod';
import { faultError, type Task, transportFault } from './faults/fault-error.ts';
import type { ExchangeOptions, InputMedia } from './gateway.ts';
import { GatewayError } from './gateway-error.ts';
import { exchange, type HttpAnswer } from './transport/http.ts';
import { parseRawUrl, type RawUrl } from './transport/raw-url.ts';
import { readAnswer } from './read-answer.ts';
import { requestGateway, type GatewayEndpoint, userAgent } from './gateway-endpoint.ts';
import { TransportError } from './transport/transport-error.ts';

/** The gateway's upload limit. */
export const maxUploadBytes = 100_000_000;
export const uploadTypes = [
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'audio/mpeg',
  'audio/wav',
  'audio/ogg',
  'audio/mp4',
  'audio/flac',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
] as const;

const maxAnswerBytes = 64 * 1024;
const askTask: Task = { operation: 'ticket', verb: 'upload the file' };
const putTask: Task = { operation: 'upload', verb: 'upload the file' };

/**
 * Requests an upload ticket, uploads the bytes to its URL, and returns the URL for vendors. Each call uses a new ticket, so
 * it is safe to retry. The API key is not sent to the upload URL.
 */
export async function uploadMedia(
  endpoint: GatewayEndpoint,
  { media, ...options }: ExchangeOptions & { media: InputMedia },
): Promise<string> {
  checkMedia(media);
  const ticket = await askForTicket(endpoint, { media, ...options });
  const target = allowedUrl(endpoint, ticket.upload_url ?? ticket.url);
  allowedUrl(endpoint, ticket.url);
  const answer = await put(endpoint, { target, ticket, media, ...options });
  if (answer.status >= 200 && answer.status < 300) return ticket.url;
  const secrets = [...endpoint.secrets, ...Object.values(ticket.headers).filter(isSecret)];
  throw faultError(putTask, readAnswer(answer, secrets), answer.headers);
}

/** A header value with `/` is a media type, not a secret. Any other value may be the ticket's token. */
function isSecret(value: string): boolean {
  return value !== '' && !value.includes('/');
}

function checkMedia({ bytes, type }: InputMedia): void {
  const fault = !uploadTypes.some((known) => known === type)
    ? `the gateway does not accept "${type}", only ${uploadTypes.join(', ')}`
    : bytes.length === 0
      ? 'it is empty'
      : bytes.length > maxUploadBytes
        ? `it has ${bytes.length} bytes, and the gateway accepts at most ${maxUploadBytes}`
        : undefined;
  if (fault !== undefined) {
    const message = `Cannot ${askTask.verb}: ${fault}`;
    throw new GatewayError('invalid_request', message, { billed: 'no' });
  }
}

type Ticket = z.output<typeof ticketSchema>;

const headerValue = z.string().regex(/^[\u0020-\u007e]*$/);
const ticketSchema = z.looseObject({
  url: z.string(),
  upload_url: z.string().optional(),
  method: z.literal('PUT').optional(),
  headers: z.record(z.string().regex(/^[\w-]+$/), headerValue).default({}),
});

async function askForTicket(
  endpoint: GatewayEndpoint,
  { media, ...options }: ExchangeOptions & { media: InputMedia },
): Promise<Ticket> {
  const { bytes, type } = media;
  const sha256 = createHash('sha256').update(bytes).digest('base64url');
  const answer = await requestGateway(endpoint, {
    ...options,
    task: askTask,
    method: 'POST',
    path: '/v1/media/uploads',
    body: Buffer.from(JSON.stringify({ size: bytes.length, mime_type: type, sha256 })),
    maxBodyBytes: maxAnswerBytes,
  });
  const read = readAnswer(answer, endpoint.secrets);
  const isGiven = answer.status === 200 || answer.status === 201;
  const ticket = isGiven ? ticketSchema.safeParse(read.json) : undefined;
  if (ticket?.success) return ticket.data;
  throw faultError(askTask, read, answer.headers);
}

/** As for results: https, or an origin that the operator trusts. */
function allowedUrl({ trustedOrigins }: GatewayEndpoint, text: string): RawUrl {
  const url = parseRawUrl(text);
  if (url && (url.origin.startsWith('https://') || trustedOrigins.has(url.origin))) return url;
  const what = url ? `"${url.origin}" is not https and not trusted` : 'the upload URL is invalid';
  throw new GatewayError('blocked_url', `Cannot ${putTask.verb}: ${what}`, { billed: 'no' });
}

/** Headers that a ticket may not set, because they control the connection. */
const ownHeaders = [
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
];

async function put(
  endpoint: GatewayEndpoint,
  {
    target,
    ticket,
    media,
    timeoutMs,
    signal,
  }: ExchangeOptions & { target: RawUrl; ticket: Ticket; media: InputMedia },
): Promise<HttpAnswer> {
  const given = Object.entries(ticket.headers).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const headers = given.filter(([name]) => !ownHeaders.includes(name));
  try {
    return await exchange({
      method: 'PUT',
      url: target,
      headers: {
        'content-type': media.type,
        ...Object.fromEntries(headers),
        'user-agent': userAgent,
      },
      body: media.bytes,
      trusted: endpoint.trustedOrigins.has(target.origin),
      network: endpoint.network,
      timeoutMs,
      signal,
      maxBodyBytes: maxAnswerBytes,
    });
  } catch (error) {
    if (error instanceof TransportError) throw transportFault(putTask, error);
    throw error;
  }
}
