import { sentAgain, stored, unresolvedPaid, unresolvedUnpaid, type FaultRow } from './fault-row.ts';

const token = { records: 'task log' } as const;
const errors = { ...token, tells: 'an error, with nothing charged' };
const charged = { ...token, billed: 'yes', tells: 'charged 70000' } as const;
const none = { ...token, tells: 'no row of this request' };

/** Responses with an unknown outcome, for which the request log decides what they have cost. */
export const reconcileRequest: readonly FaultRow[] = [
  ...[
    'submit-do-request-failed=dead:1',
    'submit-500-empty=dead:1',
    'submit-vendor-5xx=502:1',
    'submit-unreadable=dead:1',
    'submit-panic=1',
    'submit-insert-failed=1',
  ].map((submit) => sentAgain(152, `${submit}, reconcile-log=errors`, errors)),
  ...['submit-no-channel=retry', 'submit-hidden-429'].map((submit) =>
    // Its limit holds back the other runs of the model.
    sentAgain(152, `${submit}, reconcile-log=errors`, { ...errors, lane: 'single' }),
  ),
  sentAgain(152, 'submit-do-request-failed=dead:1, reconcile-log=lag:60', {
    ...errors,
    note: 'a log that lags is read again',
  }),
  sentAgain(152, 'submit-insert-failed=1, reconcile-log=refund', {
    ...token,
    tells: 'refunded in full',
    note: 'charged and refunded by the gateway',
  }),
  ...['submit-504-after-accept', 'submit-500-empty', 'submit-200-no-id', 'submit-200-html'].map(
    (submit) => stored(152, `${submit}, reconcile-log=names`, { ...token, tells: 'for job task_' }),
  ),
  unresolvedPaid(152, 'submit-200-no-id, reconcile-log=retried', {
    ...charged,
    note: 'the first channel failed, the second one accepted',
  }),
  unresolvedPaid(152, 'submit-200-empty, reconcile-log=others', {
    ...charged,
    note: 'rows of other keys and users prove nothing about ours',
  }),
  unresolvedUnpaid(152, 'submit-do-request-failed=dead, reconcile-log=others', none),
  unresolvedPaid(152, 'submit-settlement-failed, reconcile-log=errors', {
    ...token,
    tells: 'although the answer was no error',
    note: 'an error at no cost is logged, and the job runs and is charged',
  }),
  unresolvedPaid(152, 'submit-500-empty, reconcile-log=free', {
    ...token,
    tells: 'at a price of 0',
    note: 'accepted, at any cost',
  }),
  stored(152, 'submit-500-empty, reconcile-log=difference', {
    ...token,
    tells: 'for job task_',
    note: 'a difference was refunded, not the price',
  }),
  unresolvedUnpaid(152, 'submit-500-empty=dead, reconcile-log=blind', {
    ...none,
    note: 'an older gateway, whose rows contain no request id',
  }),
  unresolvedUnpaid(152, 'submit-500-empty=dead, reconcile-log=429', {
    records: 'key log',
    lane: 'single',
    tells: 'was not read',
    note: 'with the API key alone; read again when the rate limit allows it',
  }),
];
