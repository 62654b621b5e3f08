import type { StoreVideoInput } from '../../contract/activities.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import type { VideoSidecar } from '../../contract/video-sidecar.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { sidecarKey, videoKey } from '../../identity/object-key.ts';
import type { UnclaimedVideos } from '../../storage/records/unclaimed-videos.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { checkVideo, type VideoChecks } from './check-video.ts';
import type { FetchedFile } from './fetch-video.ts';
import type { RefusedFiles } from './refused-files.ts';
import type { StagedVideo } from './staged-video.ts';

export interface Committing {
  storage: VideoStorage;
  unclaimed: Pick<UnclaimedVideos, 'note'>;
  checks: VideoChecks;
  file: StagedVideo;
  input: StoreVideoInput;
  /** Counted by Temporal, from 1. */
  attempt: number;
  refused: RefusedFiles;
}

/** A host may serve a file before it is complete. The same doubt on the third attempt is a property of the file. */
const doubtedAttempts = 3;

/**
 * Checks a completely downloaded file, makes it visible, and writes its sidecar last. If an attempt dies in between,
 * it is repeated; a sidecar never describes another video.
 *
 * @throws {GatewayError} `truncated` or `not_video`
 * @throws {StorageError}
 */
export async function commitVideo(
  { storage, unclaimed, checks, file, input, attempt, refused }: Committing,
  fetched: FetchedFile & { url: string },
): Promise<StoredVideo> {
  const staged = file.stagedFile();
  const { sizeBytes } = staged;
  const { sha256 } = await staged.seal();
  const provenWhole = fetched.totalBytes === sizeBytes || fetched.pathHash === sha256;
  const isBelieved = provenWhole && attempt >= doubtedAttempts;
  const facts = await checkVideo(
    { readAt: staged.readAt, sizeBytes, provenWhole },
    { checks: isBelieved ? 'lenient' : checks, request: input.request },
  ).catch(async (error: unknown) => {
    // Resuming with these bytes would give the same result.
    if (error instanceof GatewayError) await refused.add(file, sha256);
    throw error;
  });
  const key = videoKey(input.videoId, facts.contentType);
  const storedAtMs = Date.now();
  // If this fails, the bytes are still staged for the next attempt.
  await unclaimed.note({ videoId: input.videoId, jobId: input.job.jobId, storedAtMs });
  await storage.remove(sidecarKey(key));
  await staged.commit(key);
  const warnings = [...facts.warnings, ...hashWarning(fetched.pathHash, sha256)];
  const video = { sizeBytes, sha256, ...facts, warnings };
  await writeSidecar(storage, { video, input, url: fetched.url, storedAtMs });
  return { key, uri: storage.uriOf(key), ...video };
}

/** The media host names files by their hash. If the hash differs, the video is delivered with a warning. */
function hashWarning(pathHash: string | undefined, sha256: string): string[] {
  if (pathHash === undefined || pathHash === sha256) return [];
  return [`The address names the SHA-256 ${pathHash}, but the file has ${sha256}`];
}

async function writeSidecar(
  storage: VideoStorage,
  {
    video,
    input,
    url,
    storedAtMs,
  }: {
    video: Omit<StoredVideo, 'key' | 'uri'>;
    input: StoreVideoInput;
    url: string;
    storedAtMs: number;
  },
): Promise<void> {
  const { videoId, job, request, charged, jobMs } = input;
  const origin = /^https?:/i.test(url) ? new URL(url).origin : undefined;
  const sidecar: VideoSidecar = {
    videoId,
    jobId: job.jobId,
    format: job.format,
    ...(request && {
      model: request.body.model,
      request,
      requestDigest: requestDigest(request),
    }),
    ...video,
    storedAt: new Date(storedAtMs).toISOString(),
    billed: 'yes',
    ...(charged && { charged }),
    ...(jobMs !== undefined && { jobSeconds: jobMs / 1_000 }),
    ...(origin !== undefined && { sourceOrigin: origin }),
  };
  const text = `${JSON.stringify(sidecar, null, 2)}\n`;
  await storage.writeSmall(sidecarKey(videoKey(videoId)), Buffer.from(text));
}
