import { mayCarryKey } from '../transport/base-url.ts';
import { openDataUrl } from './data-url.ts';
import { faultError, type Task, transportFault } from '../faults/fault-error.ts';
import { urlInAnswer } from '../jobs/field-places.ts';
import type { OpenResultOptions, ResultStream, ResultTarget } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { type HttpStream, openStream } from '../transport/http-stream.ts';
import { isText, peekBody } from '../transport/peek-body.ts';
import { parseRawUrl, type RawUrl, resolveLocation, speakableUrl } from '../transport/raw-url.ts';
import { type ReadAnswer, readAnswer } from '../read-answer.ts';
import { redactUpTo } from '../faults/redact.ts';
import { toResultStream } from './result-stream.ts';
import { type GatewayEndpoint, userAgent } from '../gateway-endpoint.ts';
import { TransportError } from '../transport/transport-error.ts';

/** More redirects than any deployment needs. Ends redirect loops. */
const maxRedirects = 5;

/** A JSON response with a URL may contain a whole video in Base64. */
const maxNoticeBytes = 64 * 1024 * 1024;

/** Other origins than the gateway and trusted ones may send only a short JSON with a URL. */
const maxForeignNoticeBytes = 1024 * 1024;

/** Bytes that are read of an error response. */
const maxFaultBytes = 64 * 1024;

/** How much is kept of a text that was sent instead of a video, so that users can inspect it. */
export const maxEvidenceLength = 64 * 1024;

type Opening = OpenResultOptions & ResultTarget;

/** The current step of a redirect chain. */
interface Waypoint {
  url: string;
  redirectsLeft: number;
  /** Only one JSON response with a URL is followed. */
  noticesLeft: number;
  /** A `data:` URL may come from the gateway's JSON, but not from a redirect. */
  mayBeData: boolean;
}

/** Opens a result and follows redirects itself: validates each URL, and sends the API key only to the gateway's origin. */
export async function openResult(
  endpoint: GatewayEndpoint,
  opening: Opening,
): Promise<ResultStream> {
  let next: Waypoint | ResultStream = {
    url: opening.url,
    redirectsLeft: maxRedirects,
    noticesLeft: 1,
    mayBeData: true,
  };
  while ('redirectsLeft' in next) next = await takeStep(endpoint, opening, next);
  return next;
}

async function takeStep(
  endpoint: GatewayEndpoint,
  opening: Opening,
  here: Waypoint,
): Promise<Waypoint | ResultStream> {
  const task: Task = { operation: 'download', verb: `download "${speakableUrl(here.url)}"` };
  if (here.mayBeData && /^data:/i.test(here.url)) return openDataUrl(here.url, task);
  const target = allowedUrl(endpoint, task, here.url);
  const stream = await openHop(endpoint, opening, { task, target });
  if (isRedirect(stream)) return followRedirect(stream, { here, target, task });
  if (stream.status !== 200 && stream.status !== 206) {
    throw faultError(
      task,
      await readNotice(stream, { task, maxBytes: maxFaultBytes, endpoint }),
      stream.headers,
    );
  }
  const { status } = stream;
  // Bytes from the middle of a file cannot be recognised, and a JSON response is never sent for a range.
  const isRest = status === 206 && (opening.rangeStart ?? 0) > 0;
  if (isRest) return toResultStream({ ...stream, status }, { task, target });
  const { head, body } = await peekBody(stream.body, stream.headers['content-type']);
  const peeked = { ...stream, status, body } as const;
  if (isText(head, stream.headers['content-type'])) {
    return followNotice(peeked, { here, target, task, endpoint });
  }
  return toResultStream(peeked, { task, target });
}

/** Allows only https and trusted origins. Rejects all other schemes, also in redirects. */
function allowedUrl({ trustedOrigins }: GatewayEndpoint, { verb }: Task, text: string): RawUrl {
  const url = parseRawUrl(text);
  if (!url)
    throw new GatewayError('blocked_url', `Cannot ${verb}: only plain https URLs are allowed`);
  if (url.origin.startsWith('https://') || trustedOrigins.has(url.origin)) return url;
  throw new GatewayError(
    'blocked_url',
    `Cannot ${verb}: "${url.origin}" is not https and not trusted`,
  );
}

async function openHop(
  endpoint: GatewayEndpoint,
  { rangeStart, ifRange, headersTimeoutMs, idleTimeoutMs, signal }: Opening,
  { task, target }: { task: Task; target: RawUrl },
): Promise<HttpStream> {
  try {
    return await openStream({
      url: target,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': userAgent,
        ...(mayCarryKey(endpoint.base, target)
          ? { authorization: `Bearer ${endpoint.apiKey}` }
          : {}),
        ...(rangeStart !== undefined ? { range: `bytes=${rangeStart}-` } : {}),
        ...(rangeStart !== undefined && ifRange !== undefined ? { 'if-range': ifRange } : {}),
      },
      trusted: endpoint.trustedOrigins.has(target.origin),
      network: endpoint.network,
      headersTimeoutMs,
      idleTimeoutMs,
      signal,
    });
  } catch (error) {
    if (error instanceof TransportError) throw transportFault(task, error);
    throw error;
  }
}

function isRedirect({ status }: HttpStream): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function followRedirect(
  stream: HttpStream,
  { here, target, task }: { here: Waypoint; target: RawUrl; task: Task },
): Waypoint {
  stream.close();
  const sent = stream.headers['location'];
  const details = { billed: 'yes', httpStatus: stream.status } as const;
  if (sent === undefined) {
    throw new GatewayError(
      'gateway_unavailable',
      `Cannot ${task.verb}: a redirect without a Location header`,
      details,
    );
  }
  if (here.redirectsLeft === 0) {
    const message = `Cannot ${task.verb}: more than ${maxRedirects} redirects`;
    throw new GatewayError('gateway_unavailable', message, details);
  }
  // Node decodes header bytes as Latin-1, but a non-ASCII URL is UTF-8.
  const location = Buffer.from(sent, 'latin1').toString('utf8').trim();
  return {
    ...here,
    url: resolveLocation(target, location),
    redirectsLeft: here.redirectsLeft - 1,
    mayBeData: false,
  };
}

async function followNotice(
  stream: HttpStream,
  {
    here,
    target,
    task,
    endpoint,
  }: { here: Waypoint; target: RawUrl; task: Task; endpoint: GatewayEndpoint },
): Promise<Waypoint> {
  const isTrusted = endpoint.trustedOrigins.has(target.origin);
  const maxBytes = isTrusted ? maxNoticeBytes : maxForeignNoticeBytes;
  const answer = await readNotice(stream, { task, maxBytes, endpoint });
  const found = answer.words.envelope === 'none' ? urlInAnswer(answer.json) : undefined;
  if (found !== undefined && here.noticesLeft > 0) {
    return {
      ...here,
      url: resolveLocation(target, found),
      noticesLeft: here.noticesLeft - 1,
      mayBeData: true,
    };
  }
  const what = { json: 'JSON', html: 'a web page', text: 'text', empty: 'nothing' }[answer.shape];
  const { code, message } = answer.words;
  const words = message === undefined ? '' : `, "${message.slice(0, 200)}"`;
  throw new GatewayError(
    'not_video',
    `Cannot ${task.verb}: the response was ${what} instead of a video${words}`,
    {
      httpStatus: stream.status,
      gatewayCode: code,
      gatewayMessage: message,
      requestId: answer.requestId,
      evidence: redactUpTo(maxEvidenceLength, { text: answer.text, secrets: endpoint.secrets }),
    },
  );
}

/** Reads about `maxBytes` of a response that is not the video, and ignores the rest. */
async function readNotice(
  stream: HttpStream,
  { task, maxBytes, endpoint }: { task: Task; maxBytes: number; endpoint: GatewayEndpoint },
): Promise<ReadAnswer & { text: string }> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of stream.body) {
      chunks.push(Buffer.from(chunk));
      sizeBytes += chunk.length;
      if (sizeBytes >= maxBytes) break;
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    // The headers are enough to classify an error, but a JSON response with a URL must be complete.
    if (stream.status === 200 || stream.status === 206) throw transportFault(task, error);
  } finally {
    stream.close();
  }
  const body = Buffer.concat(chunks);
  const answer = readAnswer(
    { status: stream.status, headers: stream.headers, body },
    endpoint.secrets,
  );
  return { ...answer, text: body.toString('utf8', 0, 4 * maxEvidenceLength) };
}
