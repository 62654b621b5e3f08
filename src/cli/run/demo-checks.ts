import type { VideoOutcome } from '../../client.ts';
import { videoPlace, videoFacts } from '../video/report-video.ts';

/** What the demo observed: the gateway's ledger, the file, the killed worker. */
export interface DemoEvidence {
  outcome: VideoOutcome;
  ledger: {
    posts: readonly unknown[];
    paidJobs: readonly { jobId: string }[];
    statusRequests: readonly unknown[];
  };
  /** Signal that ended the first worker, and the state of the video at that time. */
  killed: { signal: string | null; during: string } | null;
  /** Read back from disk; null if there is no such file. */
  file: { sha256: string; sizeBytes: number } | null;
}

/** One line of the demo's report: name, observed value, and whether it is as expected. */
export interface DemoCheck {
  name: string;
  ok: boolean;
  found: string;
}

/** The demo exits with 0 only if all checks pass. */
export function demoChecks({ outcome, ledger, killed, file }: DemoEvidence): DemoCheck[] {
  const result = outcome.outcome === 'stored' ? outcome.result : undefined;
  const video = result?.video;
  const { posts, paidJobs, statusRequests } = ledger;
  const ownJob = paidJobs.length === 1 && paidJobs[0]?.jobId === result?.jobId;
  return [
    { name: 'outcome', ok: video !== undefined, found: outcome.outcome },
    { name: 'paid POSTs', ok: posts.length === 1, found: `${posts.length}` },
    {
      name: 'paid job',
      ok: ownJob,
      found: paidJobs.map(({ jobId }) => jobId).join(', ') || 'none',
    },
    { name: 'status requests', ok: statusRequests.length > 0, found: `${statusRequests.length}` },
    {
      name: 'worker killed',
      ok: killed?.signal === 'SIGKILL',
      found: killed ? `once, with ${killed.signal}, ${killed.during}` : 'no',
    },
    { name: 'file', ok: file !== null, found: video ? videoPlace(video) : 'none' },
    {
      name: 'size',
      ok: file !== null && file.sizeBytes === video?.sizeBytes,
      found: file ? `${file.sizeBytes} bytes` : 'none',
    },
    {
      name: 'sha256',
      ok: file !== null && file.sha256 === video?.sha256,
      found: file ? `${file.sha256}, read back from the file` : 'none',
    },
    {
      name: 'video',
      ok: video !== undefined && video.durationSeconds > 0 && video.width > 0 && video.height > 0,
      found: video ? videoFacts(video) : 'none',
    },
  ];
}
