import { stored, unresolvedPaid, unresolvedUnpaid, type FaultRow } from './fault-row.ts';

/** Short for a gateway that hangs; long enough for a busy machine to get as far as the POST (with 6 s, once not). */
const shortTimeout = { submitTimeoutMs: 20_000 };
const vendorJob = 'the job lives at the vendor, refunded and out of reach';
const sameBytes = 'the same bytes as with a job';

/** Creates after which it is unknown whether a paid job exists: one POST, then a person or a record decides. */
export const submitUnknown: readonly FaultRow[] = [
  unresolvedPaid(10, 'submit-drop-after-body'),
  unresolvedPaid(10, 'submit-drop-after-body', { format: 'videos' }),
  unresolvedUnpaid(11, 'submit-reset-early', { note: 'looks like a lost response' }),
  unresolvedUnpaid(11, 'submit-reset-early=1', {
    lane: 'alone',
    runWide: true,
    note: 'before the body is read',
  }),
  unresolvedPaid(13, 'submit-504-after-accept'),
  unresolvedPaid(13, 'submit-504-after-accept=html'),
  ...['502', '520', '522', '524'].map((status) => unresolvedPaid(14, `submit-cdn-html=${status}`)),
  unresolvedPaid(15, 'submit-settlement-failed', { note: 'the job runs, but its id is lost' }),
  unresolvedUnpaid(16, 'submit-insert-failed', { note: vendorJob }),
  unresolvedUnpaid(17, 'submit-do-request-failed', { note: vendorJob }),
  unresolvedUnpaid(17, 'submit-do-request-failed=dead', { note: sameBytes }),
  unresolvedPaid(18, 'submit-500-empty'),
  unresolvedUnpaid(18, 'submit-500-empty=dead', { note: sameBytes }),
  unresolvedUnpaid(28, 'submit-2xx-error', {
    note: "no id is read from the vendor's success inside the message",
  }),
  unresolvedUnpaid(28, 'submit-2xx-error=202'),
  unresolvedUnpaid(33, 'submit-408', { note: vendorJob }),
  unresolvedPaid(35, 'submit-200-html', { tells: 'base URL' }),
  unresolvedPaid(35, 'submit-200-empty'),
  unresolvedPaid(35, 'submit-200-cut-json'),
  unresolvedPaid(37, 'submit-200-no-id'),
  unresolvedPaid(39, 'submit-hang', shortTimeout),
  unresolvedUnpaid(39, 'submit-hang=dead', { ...shortTimeout, note: sameBytes }),
  unresolvedPaid(38, 'submit-late'),
  stored(42, 'submit-keepalive-dead', {
    note: 'cannot happen: each POST has its own connection',
  }),
  unresolvedUnpaid(141, 'submit-unreadable', { note: vendorJob }),
  unresolvedUnpaid(141, 'submit-unreadable=code0'),
  unresolvedUnpaid(141, 'submit-unreadable=unmarshal', { note: 'the page is reduced to its text' }),
  unresolvedUnpaid(141, 'submit-unreadable=dead', { note: sameBytes }),
  unresolvedUnpaid(141, 'submit-unreadable=task'),
  unresolvedUnpaid(141, 'submit-unreadable=plugin'),
  unresolvedUnpaid(141, 'submit-unreadable=twice', {
    note: 'HTTP 400 with a message not to submit again',
  }),
  unresolvedUnpaid(21, 'submit-no-channel=retry', {
    lane: 'alone',
    note: 'a retry found no other channel: the outcome of the first attempt is not reported',
  }),
  unresolvedUnpaid(144, 'submit-hidden-429', { lane: 'alone', note: 'the same bytes hide a 429' }),
  ...['500', '502', '503', '504'].map((status) =>
    unresolvedUnpaid(142, `submit-vendor-5xx=${status}`),
  ),
  unresolvedUnpaid(145, 'submit-panic', { note: vendorJob }),
  unresolvedUnpaid(147, 'submit-wrong-base', {
    tells: 'base URL',
    note: 'the message names the base URL',
  }),
  unresolvedUnpaid(148, 'submit-client-gone=400', {
    ...shortTimeout,
    note: 'our timeout cancels a create that is too slow; refunded',
  }),
];
