import { z } from 'zod';
import { deletedVideoKey, sidecarKey, videoKey } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

const maxMarkBytes = 1_000;

/** The run that was deleted; absent if Temporal had forgotten it. */
const markSchema = z.object({ runId: z.string().optional() });

/** What a deletion removes. */
export interface Deletion {
  videoId: string;
  runId: string | undefined;
  /** Object keys of its files. */
  fileKeys: readonly string[];
  deletedAt: Date;
}

/**
 * Marks the run of a video as deleted, and removes its files and its sidecar. Its claim stays for good, and its runs
 * until Temporal's retention: a server takes long to delete a run, and terminates one that was started again.
 *
 * @throws {StorageError} It can be repeated.
 */
export async function markDeleted(
  storage: Pick<VideoStorage, 'remove' | 'writeSmall'>,
  { videoId, runId, fileKeys, deletedAt }: Deletion,
): Promise<void> {
  const mark = JSON.stringify({ videoId, runId, deletedAt: deletedAt.toISOString() });
  await storage.writeSmall(deletedVideoKey(videoId), Buffer.from(mark));
  for (const key of fileKeys) await storage.remove(key);
  await storage.remove(sidecarKey(videoKey(videoId)));
}

/**
 * Whether a tenant has deleted this run. A run that was started again afterwards is another one: it may be paid.
 *
 * @throws {StorageError}
 */
export async function isDeleted(
  storage: Pick<VideoStorage, 'readSmall'>,
  { videoId, runId }: { videoId: string; runId: string },
): Promise<boolean> {
  const mark = await readMark(storage, videoId);
  return mark !== null && mark.runId === runId;
}

/** Whether a tenant has deleted a video with this id. @throws {StorageError} */
export async function wasDeleted(
  storage: Pick<VideoStorage, 'readSmall'>,
  videoId: string,
): Promise<boolean> {
  return (await readMark(storage, videoId)) !== null;
}

async function readMark(storage: Pick<VideoStorage, 'readSmall'>, videoId: string) {
  const bytes = await storage.readSmall(deletedVideoKey(videoId), maxMarkBytes);
  return bytes && markSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
