import { createHash } from 'node:crypto';
import type { KeptFile } from '../contract/failure.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { VideoReader } from '../contract/video-reader.ts';
import { fullVideoId } from './describe-video.ts';
import type { StatusReader } from './status-reader.ts';
import type { OpenedVideo, VideoSnapshot } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/**
 * Implements `VideoClient.openVideo`.
 *
 * @throws {VideoClientError} `no_storage` | `not_found` | `not_stored` | `file_gone` | `damaged`
 */
export async function openVideo(
  { read, storage }: { read: StatusReader; storage?: VideoReader | undefined },
  id: string,
): Promise<OpenedVideo> {
  if (!storage) {
    throw new VideoClientError(
      'no_storage',
      'This client has no storage: pass `storage` to createVideoClient, e.g. from createStorage of "onetake/storage"',
    );
  }
  const { status } = await read(fullVideoId(id), { isDetailed: true });
  return openStored(storage, storedVideo(status));
}

/** The file of a stored video. @throws {VideoClientError} `not_stored` */
export function storedVideo({ videoId, phase, video, failure }: VideoSnapshot): StoredVideo {
  if (phase === 'stored' && video) return video;
  const kept = failure?.kept
    ? ', and `onetake download --force` gives the file that came instead'
    : '';
  throw new VideoClientError(
    'not_stored',
    `"${videoId}" is not stored, its phase is "${phase}"; see \`onetake status\`${kept}`,
    { ...(failure && { failure }) },
  );
}

/** The stored file; with `force`, also a kept file that failed the checks. @throws {VideoClientError} `not_stored` */
export function wantedFile(
  status: VideoSnapshot,
  { force }: { force: boolean },
): StoredVideo | KeptFile {
  return (force ? status.failure?.kept : undefined) ?? storedVideo(status);
}

/**
 * Opens a stored file. Size and SHA-256 are checked while it is read.
 *
 * @throws {VideoClientError} `file_gone` | `damaged`
 */
export async function openStored<File extends KeptFile>(
  storage: VideoReader,
  video: File,
): Promise<OpenedVideo<File>> {
  const head = await storage.head(video.key);
  if (!head) throw fileGone(video);
  if (head.sizeBytes !== video.sizeBytes) {
    throw damaged(video, `it has ${head.sizeBytes} bytes instead of ${video.sizeBytes}`);
  }
  return { video, body: verified(storage.read(video.key), video) };
}

/** Holds back the last chunk until size and hash are verified, so a reader never gets the whole of a damaged file. */
async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  video: KeptFile,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let last: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (last) yield last;
    hash.update(chunk);
    sizeBytes += chunk.length;
    last = chunk;
  }
  const sha256 = hash.digest('hex');
  if (sizeBytes !== video.sizeBytes) {
    throw damaged(video, `${sizeBytes} bytes were read instead of ${video.sizeBytes}`);
  }
  if (sha256 !== video.sha256) throw damaged(video, `its sha256 is ${sha256}, not ${video.sha256}`);
  if (last) yield last;
}

function fileGone({ uri, key }: KeptFile): VideoClientError {
  return new VideoClientError(
    'file_gone',
    `The video was stored at "${uri}", but the storage has no "${key}": it was removed, or STORAGE_URL differs from that of the workers`,
  );
}

function damaged({ uri }: KeptFile, what: string): VideoClientError {
  return new VideoClientError(
    'damaged',
    `The file at "${uri}" has changed since it was stored: ${what}; restore it from a backup`,
  );
}
