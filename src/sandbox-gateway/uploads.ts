import { createHash, randomBytes } from 'node:crypto';
import { empty, json, transfer, type Answer } from './answer.ts';
import { parseBody } from './create-request.ts';
import { plainError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { mediaNotFound } from './media-errors.ts';
import type { Runtime } from './runtime.ts';

/** Largest body of a request for a ticket. */
const maxTicketBytes = 4096;
const maxFileBytes = 100_000_000;
const ticketMs = 600_000;

const extensions: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'audio/mp4': 'm4a',
  'audio/flac': 'flac',
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** A ticket, and its file once uploaded. */
export interface SandboxUpload {
  path: string;
  token: string;
  at: number;
  mimeType: string;
  sizeBytes: number;
  sha256: string;
  /** Base64. */
  file: string | null;
}

/** Handles `POST /v1/media/uploads`: a ticket for exactly these bytes. */
export function answerTicket(runtime: Runtime, body: string): Answer {
  if (!runtime.keepsUploads) {
    return plainError(503, 'media_unavailable', 'Media temporarily unavailable');
  }
  const asked = readTicket(body);
  if (asked === null) return invalidMedia();
  const { clock, store, origins } = runtime;
  const at = clock.now();
  const [year = '', month = ''] = new Date(at).toISOString().split('-');
  const name = `${randomBytes(32).toString('hex')}.${extensions[asked.mimeType]}`;
  const path = `/media/uploads/${year}/${month}/${name}`;
  const upload: SandboxUpload = {
    ...asked,
    path,
    at,
    token: randomBytes(24).toString('hex'),
    file: null,
  };
  const url = `${origins.media}${path}`;
  store.state.uploads.push(upload);
  store.state.ledger.uploads.push({ at, url, ...asked, stored: false });
  store.saveSoon();
  return json(200, {
    url,
    upload_url: url,
    method: 'PUT',
    headers: { 'Content-Type': asked.mimeType, 'X-Media-Upload-Token': upload.token },
    expires_at: Math.floor(clock.stampAt(at, ticketMs) / 1000),
  });
}

/** Handles a PUT to the media origin. It must be the first, in time, and match the ticket's headers and bytes. */
export function answerUpload(
  runtime: Runtime,
  { pathname, headers }: Exchange,
  bytes: Buffer,
): Answer {
  const upload = runtime.store.state.uploads.find(({ path }) => path === pathname);
  if (upload === undefined) return mediaNotFound();
  if (upload.file !== null) return plainError(409, 'media_conflict', 'Upload already used');
  const isDue = runtime.clock.since(upload.at) <= ticketMs;
  const isMeant =
    headers['x-media-upload-token'] === upload.token && headers['content-type'] === upload.mimeType;
  const isWhole = bytes.length === upload.sizeBytes && digestOf(bytes) === upload.sha256;
  if (!isDue || !isMeant || !isWhole) return invalidMedia();
  upload.file = bytes.toString('base64');
  const seen = runtime.store.state.ledger.uploads.find(({ url }) => url.endsWith(pathname));
  if (seen !== undefined) seen.stored = true;
  runtime.store.save();
  return empty(201);
}

/** The uploaded file of a path; null for other paths. */
export function uploadedFile(runtime: Runtime, { pathname }: Exchange): Answer | null {
  const upload = runtime.store.state.uploads.find(({ path }) => path === pathname);
  if (upload === undefined) return null;
  if (upload.file === null) return mediaNotFound();
  return transfer(200, Buffer.from(upload.file, 'base64'), { 'Content-Type': upload.mimeType });
}

function readTicket(text: string): Pick<SandboxUpload, 'mimeType' | 'sizeBytes' | 'sha256'> | null {
  if (Buffer.byteLength(text) > maxTicketBytes) return null;
  const { size, mime_type: mimeType, sha256 } = parseBody(text, 'application/json') ?? {};
  const fits = Number.isInteger(size) && Number(size) >= 1 && Number(size) <= maxFileBytes;
  const isKnown = typeof mimeType === 'string' && Object.hasOwn(extensions, mimeType);
  const isDigest = typeof sha256 === 'string' && /^[\w-]{43}$/.test(sha256);
  return fits && isKnown && isDigest ? { mimeType, sizeBytes: Number(size), sha256 } : null;
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

function invalidMedia(): Answer {
  return plainError(400, 'invalid_media', 'Invalid media upload request');
}
