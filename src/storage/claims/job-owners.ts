import { z } from 'zod';
import { jobOwnerKey } from '../../identity/object-key.ts';
import { StorageError } from '../storage-error.ts';
import type { VideoStorage } from '../video-storage.ts';

const maxOwnerBytes = 16 * 1024;

const ownerSchema = z.object({
  /** Origin of the gateway: job ids are unique there. */
  gateway: z.string(),
  jobId: z.string(),
  /** Workflow id of the video. */
  videoId: z.string(),
});

/** The video that a job belongs to. */
export type JobOwner = Pick<z.infer<typeof ownerSchema>, 'videoId'>;

/**
 * Records which video owns a gateway job: one exclusive object per job, never changed or removed. It is created before
 * any adoption, so that one job is never delivered as two videos.
 */
export interface JobOwners {
  /** Makes `videoId` the exclusive owner of the job. Returns the owner: `videoId`, or the earlier one. */
  take(job: { jobId: string; videoId: string }): Promise<JobOwner>;
  /** Null for a job without an owner, including jobs accepted before owners were recorded. */
  ownerOf(jobId: string): Promise<JobOwner | null>;
}

/**
 * @param gateway Origin of the gateway. Stricter than the account, and unchanged when the API key is replaced.
 */
export function createJobOwners({
  storage,
  gateway,
}: {
  storage: VideoStorage;
  gateway: string;
}): JobOwners {
  const ownerOf = (jobId: string) => readOwner(storage, jobOwnerKey({ gateway, jobId }));
  return {
    take: async ({ jobId, videoId }) => {
      const earlier = await ownerOf(jobId);
      if (earlier) return isSame(earlier, videoId) ? { videoId } : earlier;
      const key = jobOwnerKey({ gateway, jobId });
      const text = `${JSON.stringify({ gateway, jobId, videoId }, null, 1)}\n`;
      if (await storage.createSmall(key, Buffer.from(text))) return { videoId };
      const owner = await ownerOf(jobId);
      if (owner) return isSame(owner, videoId) ? { videoId } : owner;
      throw new StorageError(`Cannot read "${key}": it was removed concurrently`);
    },
    ownerOf,
  };
}

/** Different spellings of one key identify the same video. */
function isSame(owner: JobOwner, videoId: string): boolean {
  return owner.videoId.normalize('NFC') === videoId.normalize('NFC');
}

async function readOwner(storage: VideoStorage, key: string): Promise<JobOwner | null> {
  const bytes = await storage.readSmall(key, maxOwnerBytes);
  if (bytes === null) return null;
  try {
    const { videoId } = ownerSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return { videoId };
  } catch (cause) {
    throw new StorageError(`Cannot read "${key}": it does not name the owner of a job`, { cause });
  }
}
