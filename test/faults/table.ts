import { downloadFile } from './download-file.ts';
import { downloadTransfer } from './download-transfer.ts';
import { downloadWay } from './download-way.ts';
import type { FaultRow } from './fault-row.ts';
import { pollBody } from './poll-body.ts';
import { pollCourse } from './poll-course.ts';
import { pollFault } from './poll-fault.ts';
import { pollResult } from './poll-result.ts';
import { reconcileLog } from './reconcile-log.ts';
import { reconcileRequest } from './reconcile-request.ts';
import { submitAccepted } from './submit-accepted.ts';
import { submitNotAccepted } from './submit-not-accepted.ts';
import { submitRefused } from './submit-refused.ts';
import { submitUnknown } from './submit-unknown.ts';

/** A part of the table, with what its rows have in common. */
export interface FaultGroup {
  title: string;
  text: string;
  rows: readonly FaultRow[];
}

/**
 * What the wire can do, and what must come of it: the one source for the e2e test, `npm run faults` and
 * docs/faults.md. The expectations are those of the wire contract, not of the code.
 */
export const faultGroups: readonly FaultGroup[] = [
  {
    title: 'Submit: unknown',
    text: 'A job may exist and be charged. One POST, never a second by the machine.',
    rows: submitUnknown,
  },
  {
    title: 'Submit: unknown, with an access token',
    text: "The gateway's own task log decides where exactly one job has our model and our prompt; else a person.",
    rows: reconcileLog,
  },
  {
    title: 'Submit: unknown, with a request id',
    text: 'The request log decides by a row of exactly this request: sent again where nothing was charged.',
    rows: reconcileRequest,
  },
  {
    title: 'Submit: not accepted',
    text: 'Surely nothing was made, so the same request is sent again after a pause.',
    rows: submitNotAccepted,
  },
  {
    title: 'Submit: refused',
    text: 'Refused for good, nothing charged.',
    rows: submitRefused,
  },
  {
    title: 'Submit: accepted',
    text: 'A job exists, whatever the answer looks like.',
    rows: submitAccepted,
  },
  {
    title: 'Poll: how a job goes and ends',
    text: 'Only a terminal word of the gateway fails a job.',
    rows: pollCourse,
  },
  {
    title: 'Poll: odd words, figures and shapes',
    text: 'A word that is not known is never a verdict.',
    rows: pollBody,
  },
  {
    title: 'Poll: where the video is',
    text: 'Found wherever it stands; histories hold neither addresses nor bytes.',
    rows: pollResult,
  },
  {
    title: 'Poll: errors and silence',
    text: 'They fail a question, not the job.',
    rows: pollFault,
  },
  {
    title: 'Download: the way to the bytes',
    text: 'Another address, another try, never another POST; nothing is asked of a private network.',
    rows: downloadWay,
  },
  {
    title: 'Download: the transfer',
    text: 'What breaks goes on where it broke, if the server can; what is short is never stored.',
    rows: downloadTransfer,
  },
  {
    title: 'Download: the file',
    text: 'Believed is what the bytes are, not what their head says.',
    rows: downloadFile,
  },
];

/** All rows, in the order of the groups. */
export const faultTable: readonly FaultRow[] = faultGroups.flatMap(({ rows }) => rows);

/** What takes too long to be played on a real clock, what it ends in, and which test shows it. */
export const shownElsewhere: readonly { what: string; end: string; test: string }[] = [
  {
    what: '`submit-429-saturated=forever` and the others that are not accepted',
    end: 'failed, `rate_limited` or `no_channel`, billed no, after a bounded number of POSTs',
    test: 'test/workflow/generate-video.test.ts',
  },
  {
    what: '`poll-completed-no-url=forever`',
    end: 'failed, `result_missing`, billed yes, at the eighth attempt',
    test: 'test/activities/store-attempts.test.ts',
  },
  {
    what: '`dl-slow-drip`',
    end: 'an attempt ends after its 1 h, and the next goes on from its last byte',
    test: 'test/activities/store-resume.test.ts',
  },
  {
    what: '`dl-large`, the worker killed at 10, 50 and 90 %',
    end: 'stored; fetched again is at most 8 MiB for each cut',
    test: 'test/e2e/delivery.test.ts',
  },
  {
    what: 'the storage full, gone, slow, or refusing',
    end: 'stored as soon as it is well again; nothing unfinished is left',
    test: 'test/e2e/delivery.test.ts',
  },
];
