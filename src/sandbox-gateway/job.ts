import type { Family } from './vendors/families.ts';

/** A signed address given out for a finished job. */
export interface UrlIssue {
  at: number;
  /** Gateway milliseconds after which the media origin refuses it. */
  validMs: number;
}

/** One stored task row of the gateway; its state depends on the clock (`rowAt`). */
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
  /** Scenarios of the create; '' if the default of the run applies. */
  scenario: string;
  /** Unusual origin of the job. */
  kind: 'normal' | 'hidden' | 'hollow' | 'instant-success' | 'instant-failure';
  mediaFile: string;
  /** Length of the vendor's file. */
  seconds: number;
  size: string;
  urlIssues: UrlIssue[];
  /** The last address was refused, so the next poll gives a new one. */
  urlExpired: boolean;
  /** The gateway revoked the success: the job counts as failed from now on. */
  takenBack?: true;
  /** The host calls this address when the job has ended. */
  callbackUrl?: string;
  /** It did, or has given up. */
  calledBack?: true;
  /** The host has task plugins, so the responses are theirs. */
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

/** Course of a job; poll scenarios replace it. */
export interface Course {
  end: 'success' | 'failure' | 'timeout' | 'channel-deleted' | 'never' | 'frozen' | 'false-failure';
  /** Beat at which it ends; the default is 8, i.e. 120 s. */
  endBeat?: number;
  /** Beat at which a false failure turns out to be a success. */
  recoverBeat?: number;
  reason?: string;
  code?: string;
  /** State of a frozen job. */
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
