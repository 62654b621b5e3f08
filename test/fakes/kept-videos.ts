import type { Charge } from '../../src/contract/charge.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { VideoSidecar } from '../../src/contract/video-sidecar.ts';
import { claimObjectKey, sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

export interface Keeping {
  storedAt: string;
  sizeBytes?: number;
  model?: string;
  /** Default: made of the id. */
  jobId?: string;
  /** What it was made of, as the sidecars of earlier versions say it; with `digest`, as those of today do. */
  request?: VideoRequest;
  digest?: string;
  charged?: Charge;
  /** Tags that its submit was admitted with; without, it has no claim. */
  tags?: string[];
}

/** Puts a video into a storage as a delivery leaves it: file, sidecar and claim. Gives its key. */
export async function keepVideo(
  storage: VideoStorage,
  id: string,
  {
    storedAt,
    sizeBytes = 10,
    model,
    charged,
    tags,
    jobId = `task_${id}`,
    request,
    digest,
  }: Keeping,
): Promise<string> {
  const videoId = `video/${id}`;
  const key = videoKey(videoId);
  const sidecar: VideoSidecar = {
    videoId,
    jobId,
    format: 'videos',
    ...(request && { request }),
    ...(digest !== undefined && { requestDigest: digest }),
    ...(model !== undefined && { model }),
    sha256: '00',
    sizeBytes,
    contentType: 'video/mp4',
    durationSeconds: 5,
    width: 1280,
    height: 720,
    hasAudio: true,
    warnings: [],
    storedAt,
    billed: 'yes',
    ...(charged && { charged }),
  };
  await storage.writeSmall(key, Buffer.alloc(sizeBytes));
  await storage.writeSmall(sidecarKey(key), Buffer.from(JSON.stringify(sidecar)));
  if (tags) {
    const claim = {
      claimKey: videoId,
      requestDigest: '00',
      gateway: 'https://gateway.test',
      workflowId: videoId,
      runId: 'run-1',
      format: 'videos',
      model: model ?? 'kling-v1',
      claimedAt: Date.parse(storedAt),
      admission: { id: 'admission/1', tags, cost: {} },
      outcome: { state: 'accepted', jobId: `task_${id}`, submittedAt: Date.parse(storedAt) },
    };
    await storage.writeSmall(claimObjectKey(videoId), Buffer.from(JSON.stringify(claim)));
  }
  return key;
}
