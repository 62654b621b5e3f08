import { readMediaFile } from '../../src/sandbox-gateway/media-library.ts';
import type { Fetch } from './fault-row.ts';
import type { RunningRow } from './run-row.ts';

/** The records of the gateway for a row. */
export interface Booked {
  posts: number;
  paid: number;
  /** Those that were not refunded. */
  kept: number;
  /** Least time between two POSTs, milliseconds; Infinity with one. */
  waitedMs: number;
  fetch: Fetch;
}

/** What the sandbox gateway delivers for the usual body of each format. */
const usualFile = { generations: '1280x720-5s.mp4', videos: '1280x720-4s.mp4' } as const;

/** Reads the ledger of the sandbox gateway. */
export function ledgerOf(running: RunningRow): Booked {
  const postedAt = postsOf(running).map(({ at }) => at);
  const gaps = postedAt.slice(1).map((at, nth) => at - (postedAt[nth] ?? 0));
  const jobs = paidJobsOf(running);
  return {
    posts: postedAt.length,
    paid: jobs.length,
    kept: jobs.filter(({ refunded }) => !refunded).length,
    waitedMs: Math.min(...gaps),
    fetch: fetchOf(
      running,
      jobs.map(({ jobId }) => jobId),
    ),
  };
}

/** An early reset has no body that identifies the row: only the scenario does, which no other row sets run-wide. */
function postsOf({ row, harness, request }: RunningRow) {
  const [name = ''] = row.scenario.split('=');
  return harness.gateway.ledger.posts.filter(({ body, scenarios }) =>
    body === null
      ? row.runWide === true && scenarios.includes(name)
      : body['prompt'] === request.body.prompt,
  );
}

function paidJobsOf({ harness, request }: RunningRow) {
  return harness.gateway.ledger.paidJobs.filter(({ prompt }) => prompt === request.body.prompt);
}

function fetchOf({ harness, row }: RunningRow, jobIds: string[]): Fetch {
  const { contentRequests, mediaRequests } = harness.gateway.ledger;
  const content = contentRequests.filter(({ jobId }) => jobIds.includes(jobId));
  const media = mediaRequests.filter(({ path }) => jobIds.some((id) => path.includes(id)));
  const sentBytes = media.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
  return {
    requests: content.length + media.length,
    files: Math.round((sentBytes / readMediaFile(usualFile[row.format]).length) * 100) / 100,
  };
}
