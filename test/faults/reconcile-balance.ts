import { sentAgain, unresolvedPaid, unresolvedUnpaid, type FaultRow } from './fault-row.ts';

const balance = { lane: 'single', records: 'balance' } as const;
const proved = { ...balance, tells: 'nothing was billed' };
const fell = { ...balance, tells: 'probably billed' };
const busy = { ...balance, tells: '1 other videos were under way' };

/** Lost answers, where the balance of the key may bear witness. */
export const reconcileBalance: readonly FaultRow[] = [
  sentAgain(150, 'submit-500-empty=dead:1, reconcile-balance=unchanged', proved),
  sentAgain(150, 'submit-insert-failed=1, reconcile-balance', {
    ...proved,
    note: 'refunded; the job at the vendor is out of reach',
  }),
  sentAgain(150, 'submit-500-empty=dead:1, reconcile-balance=late:1000', {
    ...proved,
    note: 'given back after 50 s, before it is read',
  }),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance=late:4000', {
    ...fell,
    note: 'given back after it is read',
  }),
  unresolvedPaid(150, 'submit-drop-after-body, reconcile-balance=unchanged', {
    ...fell,
    note: 'as booked: the price is gone',
  }),
  unresolvedPaid(150, 'submit-drop-after-body, reconcile-balance=lag:1000', {
    ...fell,
    note: 'unchanged for 50 s more, so it is read late',
  }),
  unresolvedPaid(150, 'submit-drop-after-body, reconcile-balance=price', {
    ...fell,
    note: 'more was taken than the price',
  }),
  unresolvedPaid(150, 'submit-drop-after-body, reconcile-balance=other', fell),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance=other', {
    ...fell,
    note: 'a foreign job on the same key looks like ours',
  }),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance=fell', fell),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance=refund', {
    ...balance,
    tells: 'something was given back',
  }),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance', {
    ...busy,
    behind: 'poll-never-finishes',
    note: 'a refund of another job could hide the price of this one',
  }),
  unresolvedPaid(150, 'submit-drop-after-body, reconcile-balance', {
    ...busy,
    leftBehind: 'poll-envelope-failure',
    note: 'the refund of a job that nobody watches any more hides the price of this one',
  }),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance=unlimited', {
    ...balance,
    tells: 'no limit',
  }),
  unresolvedUnpaid(150, 'submit-unreadable=dead, reconcile-balance=unlimited', {
    ...balance,
    runWide: true,
    tells: 'before the submit is not known',
  }),
  unresolvedUnpaid(150, 'submit-500-empty=dead, reconcile-balance=429', {
    ...balance,
    tells: 'could not be read',
  }),
];
