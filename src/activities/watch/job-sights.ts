import type { JobProgress } from '../../contract/video-job.ts';

/** Jobs that this process has polled; about 100 bytes each. */
const maxJobs = 20_000;

/** What the polls of this process have seen of an open job. Times are milliseconds since the epoch. */
export interface JobSight extends Pick<JobProgress, 'state' | 'progressPercent'> {
  askedAt: number;
  /** The first poll that found this state and step of progress. */
  changedAt: number;
}

/**
 * Remembers open jobs between polls that return nothing to the workflow. Another process, or this one after a restart,
 * begins without it: then the highest progress is the one that the gateway reports next.
 */
export interface JobSights {
  of(jobId: string): JobSight | undefined;
  remember(jobId: string, sight: JobSight): void;
  forget(jobId: string): void;
}

export function createJobSights(): JobSights {
  const sights = new Map<string, JobSight>();
  return {
    of: (jobId) => sights.get(jobId),
    remember: (jobId, sight) => {
      sights.delete(jobId);
      sights.set(jobId, sight);
      const [oldest] = sights.keys();
      if (sights.size > maxJobs && oldest !== undefined) sights.delete(oldest);
    },
    forget: (jobId) => {
      sights.delete(jobId);
    },
  };
}
