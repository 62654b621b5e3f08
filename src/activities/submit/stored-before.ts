import { videoEndings, type StoredVideo, type VideoType } from '../../contract/stored-video.ts';
import { spellingsOf } from '../../contract/key-text.ts';
import { readRequest } from '../../contract/read-request.ts';
import { maxSidecarBytes, readSidecar, type VideoSidecar } from '../../contract/video-sidecar.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { sidecarKey, videoKey } from '../../identity/object-key.ts';
import { unknownDigest } from '../../storage/claims/claim.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** A stored video and its job. */
export interface StoredBefore {
  jobId: string;
  video: StoredVideo;
  /** Digest of its request; `unknownDigest` for an adopted job with an unknown request. */
  requestDigest: string;
  /** Milliseconds since the epoch. */
  storedAt: number;
}

/**
 * Reads what is stored under the id of a video, in any spelling, from its sidecar; null if no complete video is
 * stored.
 *
 * @throws {StorageError}
 */
export async function storedBefore(
  storage: Pick<VideoStorage, 'head' | 'readSmall' | 'uriOf'>,
  videoId: string,
): Promise<StoredBefore | null> {
  for (const id of spellingsOf(videoId)) {
    const stored = await storedAs(storage, id);
    if (stored) return stored;
  }
  return null;
}

async function storedAs(
  storage: Pick<VideoStorage, 'head' | 'readSmall' | 'uriOf'>,
  videoId: string,
): Promise<StoredBefore | null> {
  const bytes = await storage.readSmall(sidecarKey(videoKey(videoId)), maxSidecarBytes);
  const sidecar = bytes && readSidecar(Buffer.from(bytes).toString('utf8'));
  if (!sidecar) return null;
  const key = videoKey(videoId, sidecar.contentType);
  if ((await storage.head(key))?.sizeBytes !== sidecar.sizeBytes) return null;
  const { jobId, sizeBytes, sha256, contentType, durationSeconds } = sidecar;
  const { width, height, hasAudio, warnings } = sidecar;
  const facts = { durationSeconds, width, height, hasAudio, warnings };
  return {
    jobId,
    video: { key, uri: storage.uriOf(key), sizeBytes, sha256, contentType, ...facts },
    requestDigest: digestOf(sidecar),
    storedAt: Date.parse(sidecar.storedAt),
  };
}

/** True if a file is stored under the id, with or without a readable sidecar. @throws {StorageError} */
export async function hasFile(
  storage: Pick<VideoStorage, 'head'>,
  videoId: string,
): Promise<boolean> {
  const types = Object.keys(videoEndings) as VideoType[];
  const keys = spellingsOf(videoId).flatMap((id) => types.map((type) => videoKey(id, type)));
  const heads = await Promise.all(keys.map((key) => storage.head(key)));
  return heads.some((head) => head !== null);
}

/** Sidecars of earlier versions contain the request but not its digest. */
function digestOf(sidecar: VideoSidecar): string {
  if (sidecar.requestDigest !== undefined) return sidecar.requestDigest;
  const read = readRequest(sidecar.request);
  return read.ok ? requestDigest(read.request) : unknownDigest;
}
