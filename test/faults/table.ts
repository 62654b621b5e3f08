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

/** A group of rows, with what they have in common. */
export interface FaultGroup {
  title: string;
  text: string;
  rows: readonly FaultRow[];
}

/**
 * Network and gateway faults, and the required result of each: the one source for the e2e test, `npm run faults` and
 * docs/faults.md. The expectations come from the wire contract, not from the code.
 */
export const faultGroups: readonly FaultGroup[] = [
  {
    title: 'Submit: outcome unknown',
    text: 'A job may exist and be charged. One POST is sent, and never a second one automatically.',
    rows: submitUnknown,
  },
  {
    title: 'Submit: outcome unknown, with an access token',
    text: "If exactly one job in the gateway's task log has our model and our prompt, it is adopted. Otherwise a person decides.",
    rows: reconcileLog,
  },
  {
    title: 'Submit: outcome unknown, with a request id',
    text: 'A row of the request log for exactly this request decides. If nothing was charged, the request is sent again.',
    rows: reconcileRequest,
  },
  {
    title: 'Submit: not accepted',
    text: 'No job was created, so the same request is sent again after a back-off.',
    rows: submitNotAccepted,
  },
  {
    title: 'Submit: refused',
    text: 'The request is refused permanently, and nothing is charged.',
    rows: submitRefused,
  },
  {
    title: 'Submit: accepted',
    text: 'A job exists, whatever the response looks like.',
    rows: submitAccepted,
  },
  {
    title: 'Poll: how a job runs and ends',
    text: 'Only a terminal status of the gateway fails a job.',
    rows: pollCourse,
  },
  {
    title: 'Poll: unexpected statuses, numbers and formats',
    text: 'An unknown status never ends a job.',
    rows: pollBody,
  },
  {
    title: 'Poll: where the result is',
    text: 'The result URL is found in every known place. Histories contain neither URLs nor bytes.',
    rows: pollResult,
  },
  {
    title: 'Poll: errors and timeouts',
    text: 'They fail a poll, not the job.',
    rows: pollFault,
  },
  {
    title: 'Download: reaching the file',
    text: 'Other addresses and other attempts are tried, but no other POST is sent. No request goes to a private network.',
    rows: downloadWay,
  },
  {
    title: 'Download: the transfer',
    text: 'An interrupted download resumes if the server supports it. A file that is too short is never stored.',
    rows: downloadTransfer,
  },
  {
    title: 'Download: the file',
    text: 'The content of the file decides, not its headers.',
    rows: downloadFile,
  },
];

/** All rows, in the order of the groups. */
export const faultTable: readonly FaultRow[] = faultGroups.flatMap(({ rows }) => rows);

/** Faults that take too long on a real clock, their result, and the test that shows it. */
export const shownElsewhere: readonly { what: string; end: string; test: string }[] = [
  {
    what: '`submit-429-saturated=forever` and other submits that are not accepted',
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
    end: 'an attempt ends after its limit of 1 h, and the next one resumes after its last byte',
    test: 'test/activities/store-resume.test.ts',
  },
  {
    what: '`dl-large`, the worker killed at 10, 50 and 90 %',
    end: 'stored; at most 8 MiB are downloaded again for each interruption',
    test: 'test/e2e/delivery.test.ts',
  },
  {
    what: '`callback-…`: callbacks that never come, come late, twice or in numbers, are forged, or are refused with the submit',
    end: 'stored, with one paid POST; a poll notices the end if no callback does',
    test: 'test/e2e/gateway-hooks.test.ts',
  },
  {
    what: 'the storage is full, unavailable or slow, or refuses requests',
    end: 'stored as soon as the storage works again; no unfinished file is left',
    test: 'test/e2e/delivery.test.ts',
  },
];
