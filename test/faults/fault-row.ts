import type { Billed, FailureKind } from '../../src/contract/failure.ts';
import type { VideoFormat } from '../../src/contract/video-request.ts';

/** The result of a fault: POSTs, charges and what the caller sees. */
export interface Sight {
  /** Create POSTs that arrived at the gateway. */
  posts: number;
  /** Jobs in the gateway's ledger that were charged, refunded ones included. */
  paid: number;
  /** `delivering`: no attempt of the download was the last one. */
  outcome: 'stored' | 'failed' | 'unresolved' | 'overdue' | 'delivering';
  /** The kind of the failure; for a stored video that of the refusal or the failed download that was retried. */
  kind?: FailureKind;
  billed: Billed;
  /** A verified file lies in the storage. */
  delivered: boolean;
}

/** The requests and bytes of a download. */
export interface Fetch {
  /** Requests to `/content` and to the media origin. */
  requests: number;
  /** Bytes that the media origin sent, in lengths of the job's file: 1.6 is 60 % once, and all of it once. */
  files: number;
}

/** The same, as expected: the bytes exactly, or between two figures. */
export interface ExpectedFetch {
  requests: number;
  files: number | readonly [least: number, most: number];
}

/**
 * How a row is run. `shared`: with all others at once. `alone`: one after another, since the fault acts on the
 * whole gateway, or its back-off on all runs of a key. `swept`: so fast that the gateway's own 24 h pass in seconds.
 * `single`: with a gateway, a namespace and a worker of its own, since it is decided by what the whole account says.
 * `attempts`: the download alone, its attempts without the minutes between them, up to the last that may be made.
 */
export type Lane = 'shared' | 'alone' | 'swept' | 'single' | 'attempts';

/** The additional records that the worker may read about an unknown submit. */
export type Records = 'task log' | 'own account' | 'key log';

/** One row of the table: the scenario, how it is run, and the required result. */
export interface FaultRow extends Sight {
  /** Number in the catalogue of the sandbox gateway. */
  number: number;
  /** As it is written in the prefix of a prompt. */
  scenario: string;
  format: VideoFormat;
  lane: Lane;
  /** Absent: the worker has the API key only and leaves an unknown submit to a person. */
  records?: Records;
  /** Set for the whole gateway instead of by the prompt. */
  runWide?: true;
  /** The gateway listens again after the run has reported a refused connection. */
  closesPort?: true;
  /** Started first, and running when this one is sent. */
  behind?: string;
  /** Instead of the usual body of its format. */
  body?: { model: string; [field: string]: unknown };
  /** For requests that we would refuse ourselves. */
  sendAnyway?: true;
  deadlineMs?: number;
  submitTimeoutMs?: number;
  /** Least time between two POSTs, milliseconds. */
  waitsMs?: number;
  /**
   * Reported while it runs or in the failure: an attention, a status word, a phase, a finding about an unknown submit, a
   * warning's field, a multiplier of the price, a text.
   */
  tells?: string | readonly string[];
  /** Of downloads. */
  fetch?: ExpectedFetch;
  note?: string;
}

/** The optional fields of a row. */
export type RowTraits = Partial<Omit<FaultRow, 'number' | 'scenario'>>;

type MakeRow = (number: number, scenario: string, traits?: RowTraits) => FaultRow;

/** Accepted, and the video arrives. */
export const stored = rowsOf({
  posts: 1,
  paid: 1,
  outcome: 'stored',
  billed: 'yes',
  delivered: true,
});

/** Nothing was made: sent again after a pause, once, and accepted. */
export const sentAgain = rowsOf({
  posts: 2,
  paid: 1,
  outcome: 'stored',
  billed: 'yes',
  delivered: true,
});

/** The outcome of the POST is unknown, and a job was paid for. */
export const unresolvedPaid = rowsOf({
  posts: 1,
  paid: 1,
  outcome: 'unresolved',
  kind: 'submit_unknown',
  billed: 'maybe',
  delivered: false,
});

/** The same to the caller, and nothing was charged. */
export const unresolvedUnpaid = rowsOf({
  posts: 1,
  paid: 0,
  outcome: 'unresolved',
  kind: 'submit_unknown',
  billed: 'maybe',
  delivered: false,
});

/** Refused for good before anything was charged. */
export const refused = rowsOf({
  posts: 1,
  paid: 0,
  outcome: 'failed',
  kind: 'invalid_request',
  billed: 'no',
  delivered: false,
});

/** The paid job failed, and the gateway's own record shows the refund. */
export const jobFailed = rowsOf({
  posts: 1,
  paid: 1,
  outcome: 'failed',
  kind: 'task_failed',
  billed: 'no',
  delivered: false,
});

/** No verdict before the deadline: the job is watched on. */
export const overdue = rowsOf({
  posts: 1,
  paid: 1,
  outcome: 'overdue',
  billed: 'yes',
  delivered: false,
  deadlineMs: 6_000,
});

/** The download is tried again and again, until its links have expired. */
export const stillDelivering = rowsOf({
  posts: 1,
  paid: 1,
  outcome: 'delivering',
  billed: 'yes',
  delivered: false,
  lane: 'attempts',
});

/** The expected requests and bytes of a download. */
export function took(requests: number, files: ExpectedFetch['files'] = 1): RowTraits {
  return { fetch: { requests, files } };
}

function rowsOf(usual: Sight & RowTraits): MakeRow {
  return (number, scenario, traits = {}) => ({
    format: 'generations',
    lane: 'shared',
    ...usual,
    ...traits,
    number,
    scenario,
  });
}

/** The title of a row: the scenario, and what distinguishes it from other rows of the same scenario. */
export function titleOf({ scenario, format, lane, records, body }: FaultRow): string {
  const place = lane === 'alone' || lane === 'swept' ? lane : undefined;
  return [scenario, format, body?.model, place, records]
    .filter((part) => part !== undefined)
    .join(', ');
}
