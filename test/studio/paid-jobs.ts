import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { keepVideo } from '../fakes/kept-videos.ts';

/** A job that was paid. */
export interface PaidJob {
  /** Workflow id. */
  id: string;
  at?: number;
  model?: string;
  tags?: string[];
  cost?: { seconds?: number; money?: number };
  /** What the gateway reported. */
  charged?: { quota: number; money: number };
  isStored?: boolean;
}

/** Leaves the claims and videos of jobs in a storage. */
export async function payJobs(storage: VideoStorage, jobs: readonly PaidJob[]): Promise<void> {
  const claims = createSubmitClaims({ storage });
  for (const job of jobs) {
    const { id, at = Date.now(), model = 'kling-v1', tags = [], cost = {}, charged } = job;
    const jobId = `task_${id}`;
    const claim = {
      claimKey: id,
      requestDigest: '00',
      gateway: 'https://gateway.test',
      workflowId: id,
      runId: 'run-1',
      format: 'videos',
      model,
      claimedAt: at,
      admission: { id: 'admission/ours', tags, cost },
    };
    await claims.acquire(claim);
    await claims.record(claim, { state: 'accepted', jobId, submittedAt: at });
    if (charged) await claims.charge({ claimKey: id, jobId, charged });
    if (!job.isStored) continue;
    const key = id.replace(/^video\//, '');
    const storedAt = new Date(at).toISOString();
    await keepVideo(storage, key, { jobId, storedAt, model, ...(charged && { charged }) });
  }
}
