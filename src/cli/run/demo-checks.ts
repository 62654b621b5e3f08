import type { VideoOutcome } from '../../client.ts';
import { videoPlace, videoFacts } from '../video/report-video.ts';

/** What the demo has seen with its own eyes: the gateway's ledger, the file, the ended worker. */
export interface DemoEvidence {
  outcome: VideoOutcome;
  ledger: {
    posts: readonly unknown[];
    paidJobs: readonly { jobId: string }[];
    statusRequests: readonly unknown[];
  };
  /** Signal that ended the first worker, and what the video was doing then. */
  killed: { signal: string | null; during: string } | null;
  /** Read back from the disk; null when there is no such file. */
  file: { sha256: string; sizeBytes: number } | null;
}

/** One line of the demo's report: what is claimed, what was seen, and whether that is so. */
export interface DemoCheck {
  name: string;
  ok: boolean;
  found: string;
}

/** Exit code 0 stands for all of these. */
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
