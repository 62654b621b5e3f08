import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { OpenedVideo } from '../../client.ts';
import { openStored } from '../../client/open-video.ts';
import { VideoClientError } from '../../client/video-client-error.ts';
import type { KeptFile } from '../../contract/failure.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import type { VideoReader } from '../../contract/video-reader.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

export type ReadableStorage = Pick<VideoStorage, 'head' | 'read' | 'uriOf'>;

/** An opened video, with its path if it is a local file. */
export interface OpenedHere<File extends KeptFile = StoredVideo> extends OpenedVideo<File> {
  path?: string;
}

/**
 * Opens a stored video from the configured storage, or from its recorded address if that is a local file.
 *
 * @throws {VideoClientError} `file_gone` | `damaged`
 * @throws {StorageError}
 */
export async function openHere<File extends KeptFile>(
  video: File,
  storage: ReadableStorage,
): Promise<OpenedHere<File>> {
  try {
    return withPath(await openStored(storage, video), storage.uriOf(video.key));
  } catch (error) {
    const isGone = error instanceof VideoClientError && error.kind === 'file_gone';
    const path = isGone ? await readablePath(video.uri) : null;
    if (path === null) throw error;
    return withPath(await openStored(fileReader(path), video), video.uri);
  }
}

function withPath<File extends KeptFile>(opened: OpenedVideo<File>, uri: string): OpenedHere<File> {
  return { ...opened, ...(uri.startsWith('file:') && { path: fileURLToPath(uri) }) };
}

async function readablePath(uri: string): Promise<string | null> {
  if (!uri.startsWith('file:')) return null;
  const path = fileURLToPath(uri);
  return access(path, constants.R_OK).then(
    () => path,
    () => null,
  );
}

function fileReader(path: string): VideoReader {
  return {
    head: async () => ({ sizeBytes: (await stat(path)).size }),
    read: () => createReadStream(path),
  };
}
