import type { AdmissionRequest } from '../../src/contract/admission.ts';
import { openBook, type AdmissionBook } from '../../src/workflows/admission/book.ts';
import { emptyState } from '../../src/workflows/admission/state.ts';

export const noonMs = Date.UTC(2026, 10, 23, 12);
export const today = 'day/2026-11-23';

export function asking(videoId: string, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    videoId,
    claimKey: videoId,
    model: 'kling-v1',
    tags: [],
    priority: 'interactive',
    cost: { seconds: 5, money: 0.5 },
    deadlineMs: 60_000,
    maxJobs: 3,
    ...more,
  };
}

export function bookWith(jobs: number): AdmissionBook {
  return openBook({ ...emptyState, limits: { jobs } });
}
