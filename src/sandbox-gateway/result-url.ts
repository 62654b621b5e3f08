import type { Job, UrlIssue } from './job.ts';
import { beatMs } from './life.ts';
import { readMediaFile, sha256 } from './media-library.ts';
import { sign, type Runtime } from './runtime.ts';

/** Lifetime of a signed address, in seconds of gateway time, as in its query. */
export const urlLifeSeconds = 86_400;

/** Changes of addresses by a download scenario. */
export interface UrlStyle {
  /** Adds characters to the query that URL parsers rewrite. */
  fragile?: boolean;
  /** A hash in the path that is not that of the file. */
  wrongHash?: boolean;
}

/**
 * The newest signed address of a finished job, renewed if the last one expired or was refused.
 *
 * Clients must send the query unchanged: it contains `%2f` and `%2B` in mixed case and a `+`.
 */
export function currentUrl(runtime: Runtime, job: Job, style: UrlStyle = {}): string {
  const last = job.urlIssues.at(-1);
  if (last === undefined || job.urlExpired || isStale(runtime, last)) {
    issueUrl(runtime, job, urlLifeSeconds * 1000);
  }
  return `${runtime.origins.media}${signedPath(runtime, { job, issue: job.urlIssues.length - 1, style })}`;
}

/** Issues a new address that expires after this many gateway milliseconds. */
export function issueUrl(runtime: Runtime, job: Job, validMs: number): void {
  job.urlIssues.push({ at: runtime.clock.now(), validMs });
  job.urlExpired = false;
  runtime.store.saveSoon();
}

/** Path and raw query of one issue; the media origin compares them as bytes. */
export function signedPath(
  runtime: Runtime,
  { job, issue, style }: { job: Job; issue: number; style: UrlStyle },
): string {
  const { at } = job.urlIssues[issue] ?? { at: job.submittedAt };
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  const [year = '', month = ''] = new Date(at).toISOString().split('-');
  const hash = style.wrongHash === true ? 'f'.repeat(64) : sha256(readMediaFile(job.mediaFile));
  const path = `/media/task-videos/${year}/${month}/${hash}.mp4`;
  const fragile =
    style.fragile === true ? "&response-content-disposition=inline%3b filename*=UTF-8''x" : '';
  const credential = `SANDBOX%2f${stamp.slice(0, 8)}%2Fauto%2fs3%2Faws4_request`;
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${credential}`,
    `X-Amz-Date=${stamp}`,
    `X-Amz-Expires=${urlLifeSeconds}`,
    `x-id=${encodeURIComponent(job.id)}`,
    `X-Amz-Signature=${signature(runtime, { job, issue, path })}${fragile.replace(' ', '+')}`,
  ].join('&');
  return `${path}?${query}`;
}

/** Whether an issue has expired on the gateway's clock. */
export function isUrlExpired(runtime: Runtime, issue: UrlIssue): boolean {
  return runtime.clock.since(issue.at) > issue.validMs;
}

function isStale(runtime: Runtime, issue: UrlIssue): boolean {
  return runtime.clock.since(issue.at) > Math.max(beatMs, issue.validMs / 2);
}

function signature(
  runtime: Runtime,
  { job, issue, path }: { job: Job; issue: number; path: string },
): string {
  const hex = sign(runtime, `${job.id}\n${issue}\n${path}`).toString('hex');
  return `${hex.slice(0, 40)}%2b%2F+%3D${hex.slice(40)}`;
}
