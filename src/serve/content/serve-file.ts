import { openStored } from '../../client/open-video.ts';
import { VideoClientError } from '../../client/video-client-error.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import type { ByteRange, VideoReader } from '../../contract/video-reader.ts';
import { ApiError } from '../http/api-error.ts';
import { bodyStream } from './body-stream.ts';
import { readRange } from './byte-ranges.ts';
import { contentDisposition } from './content-disposition.ts';
import { checkPreconditions, rangeApplies, type Validators } from './preconditions.ts';

/** A file to send, and what its headers say about it. */
export interface ServedFile {
  file: StoredVideo;
  /** The name under which browsers save it, e.g. `video_1f0e.mp4`. */
  fileName: string;
  lastModified?: Date;
  /** Called with the error that breaks a response which has begun. */
  onBroken?: (error: unknown) => void;
}

/**
 * Answers a GET or HEAD for the bytes of a stored video, whole (200) or one range of it (206), with the conditional
 * requests of RFC 9110 (304, 412) and 416 for a range after its end.
 *
 * SHA-256 is verified while the whole file is sent, and its last chunk is held back until then: the connection of a
 * damaged file breaks before its end. For parts, only the size is checked.
 *
 * @throws {ApiError} 410 `file_gone` | 500 `damaged`
 * @throws {StorageError} The storage cannot be read.
 */
export async function serveFile(
  request: Request,
  storage: VideoReader,
  served: ServedFile,
): Promise<Response> {
  const { file } = served;
  const opened = await orApiError(() => openStored(storage, file));
  const headers = headersOf(served);
  const validators = validatorsOf(served);
  const condition = checkPreconditions(request.headers, validators);
  if (condition === 'failed') return new Response(null, { status: 412, headers });
  if (condition === 'not_modified') return new Response(null, { status: 304, headers });

  // RFC 9110, 14.2: ranges are for GET only.
  const isRanged = request.method === 'GET' && rangeApplies(request.headers, validators);
  const range = isRanged ? readRange(request.headers.get('range'), file.sizeBytes) : null;
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${file.sizeBytes}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-type', file.contentType);
  headers.set('content-disposition', contentDisposition(served.fileName));
  headers.set('content-length', String(lengthOf(range, file)));
  if (request.method === 'HEAD') return new Response(null, { headers });

  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${file.sizeBytes}`);
  const isPart = range !== null && lengthOf(range, file) < file.sizeBytes;
  const chunks = isPart ? readPart(storage, file, range) : opened.body;
  const body = await orApiError(() => bodyStream(chunks, served.onBroken));
  return new Response(body, { status: range ? 206 : 200, headers });
}

function validatorsOf({ file, lastModified }: ServedFile): Validators {
  return { etag: `"${file.sha256}"`, ...(lastModified && { lastModified }) };
}

/**
 * Headers of every answer. A cache of the caller may keep the file but asks again each time, so that a revoked key and a
 * removed file count at once; proxies neither keep nor recode it. The address of a signed link is no one's referrer.
 */
function headersOf(served: ServedFile): Headers {
  const { etag, lastModified } = validatorsOf(served);
  return new Headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache, no-transform',
    etag,
    ...(lastModified && { 'last-modified': lastModified.toUTCString() }),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
}

function lengthOf(range: ByteRange | null, { sizeBytes }: StoredVideo): number {
  return range ? range.end - range.start + 1 : sizeBytes;
}

/** A part that is too short or too long ends with an error, so that the connection breaks. */
async function* readPart(
  storage: VideoReader,
  file: StoredVideo,
  range: ByteRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  let missing = lengthOf(range, file);
  for await (const chunk of storage.read(file.key, range)) {
    missing -= chunk.length;
    if (missing < 0) break;
    yield chunk;
  }
  if (missing !== 0) throw new VideoClientError('damaged', `The file at "${file.uri}" has changed`);
}

/** The texts of the client name the operator's folders and settings; callers of the API must not see them. */
async function orApiError<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw apiErrorOf(cause);
  }
}

function apiErrorOf(cause: unknown): unknown {
  const kind = cause instanceof VideoClientError ? cause.kind : undefined;
  if (kind === 'file_gone') {
    const message = 'The file was removed from the storage; ask the operator for a backup of it';
    return new ApiError(410, kind, { message, isFinal: true, cause });
  }
  if (kind !== 'damaged') return cause;
  const message = 'The file has changed since it was stored; ask the operator for a backup of it';
  return new ApiError(500, kind, { message, isFinal: true, cause });
}
