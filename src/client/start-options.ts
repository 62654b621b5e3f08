import type { VideoLabels } from '../contract/admission.ts';
import type { Retakes } from '../contract/retakes.ts';
import type { VideoIdentity } from '../identity/workflow-id.ts';

/**
 * Options of `start`. `tags`, `priority` and `batch` are for the admission and the ledger; a joined or cached video
 * keeps those of its first start.
 */
export interface StartVideoOptions extends VideoIdentity, VideoLabels {
  /** Makes and pays for a new take, whatever is stored or running. Excludes `key` and `take`. */
  fresh?: boolean;
  /**
   * Maximum age in milliseconds of a stored video that is returned for an equal request. Default 1 h. A video with an
   * explicit `key` or `take` never expires.
   */
  cacheMs?: number;
  /** Identifies the waiter for `cancel`. Default: a random UUID. */
  waiterId?: string;
  /** @deprecated Former name of `waiterId`. */
  asker?: string;
  /** Milliseconds from the submit after which the video is overdue. Default: the worker's setting. */
  deadlineMs?: number;
  /** Timeout of one submit in milliseconds, at most 240,000. Default 180,000. */
  submitTimeoutMs?: number;
  /** If set, a job that failed at no cost with one of these kinds is submitted again, at most `max` times. */
  retakes?: Retakes;
  /** Sends the request even if every known plugin of the gateway would refuse it. Refusals become warnings. */
  sendAnyway?: boolean;
  /**
   * Further fields for the memo of the run, which a description and a listing return. At most a few KiB. The names `http`
   * and `requestDigest` are taken.
   */
  memo?: Record<string, unknown>;
  /** Temporal's fairness key: backlogs are dispatched in turn for each key, e.g. for each customer. At most 64 bytes. */
  fairnessKey?: string;
}
