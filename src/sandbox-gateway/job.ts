import type { Family } from './vendors/families.ts';

/** A signed address given out for a finished job. */
export interface UrlIssue {
  at: number;
  /** Gateway milliseconds after which the media origin refuses it. */
  validMs: number;
}

/** One task row of the gateway, as stored; its state follows from the clock (`rowAt`). */
export interface Job {
  id: string;
  rowNumber: number;
  format: 'generations' | 'videos';
  family: Family;
  model: string;
  prompt: string;
  /** Stamp of the submit, real milliseconds. */
  submittedAt: number;
  price: number;
  vendorId: string;
  /** Scenarios chosen with the create, '' when the run's default applies. */
  scenario: string;
  /** How the job came to be, where that is not the normal way. */
  kind: 'normal' | 'hidden' | 'hollow' | 'instant-success' | 'instant-failure';
  mediaFile: string;
  /** Length of the file the vendor makes. */
  seconds: number;
  size: string;
  urlIssues: UrlIssue[];
  /** The last address was refused: the next poll gives a new one. */
  urlExpired: boolean;
  /** The gateway took its success back: the job counts as failed from now on. */
  takenBack?: true;
  /** Its host has task plugins: its answers are theirs. */
  onPluginHost?: true;
}

/** Internal words of the gateway's task table. */
export type RowStatus =
  | 'NOT_START'
  | 'SUBMITTED'
  | 'QUEUED'
  | 'IN_PROGRESS'
  | 'SUCCESS'
  | 'FAILURE'
  | 'UNKNOWN';

/** How a job ends; poll scenarios replace the normal course. */
export interface Course {
  end: 'success' | 'failure' | 'timeout' | 'channel-deleted' | 'never' | 'frozen' | 'false-failure';
  /** Beat at which it ends; the default is 8, i.e. 120 s. */
  endBeat?: number;
  /** Beat at which a false failure turns out to be a success. */
  recoverBeat?: number;
  reason?: string;
  code?: string;
  /** Where a frozen job stands still. */
  frozenAt?: RowStatus;
}

/** The state of a job at one moment, from which both status routes are rendered. */
export interface Row {
  status: RowStatus;
  progressPercent: number;
  /** Stamp of the last change. */
  updatedAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  reason: string;
  /** Vendor error code; null when the failure is the gateway's own and no error object exists. */
  errorCode: string | null;
  refund: boolean;
  /** The refund follows the status a little later. */
  refunded: boolean;
}
