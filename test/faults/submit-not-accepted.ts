import { sentAgain, stored, type FaultRow } from './fault-row.ts';

const limited = { kind: 'rate_limited', lane: 'alone' } as const;
const noChannel = { kind: 'no_channel' } as const;

/** Creates that surely made nothing: sent again by the machine, after a pause, bounded. */
export const submitNotAccepted: readonly FaultRow[] = [
  stored(12, 'submit-port-closed=86400', {
    kind: 'gateway_unavailable',
    lane: 'alone',
    runWide: true,
    closesPort: true,
    note: 'no POST was sent on the refused connection',
  }),
  sentAgain(19, 'submit-vendor-number=50429:1', {
    ...limited,
    note: 'a status number that means a rate limit',
  }),
  sentAgain(21, 'submit-no-channel', noChannel),
  sentAgain(19, 'submit-vendor-number=1008:1', {
    ...noChannel,
    note: "the operator's account at the vendor",
  }),
  sentAgain(27, 'submit-vendor-400=account:1', noChannel),
  sentAgain(22, 'submit-429-saturated', limited),
  sentAgain(23, 'submit-429-empty', limited),
  sentAgain(24, 'submit-429-limiter', limited),
  sentAgain(24, 'submit-429-limiter=seconds', {
    ...limited,
    waitsMs: 2_000,
    note: 'Retry-After: 2',
  }),
  sentAgain(24, 'submit-429-limiter=date', {
    ...limited,
    waitsMs: 2_000,
    note: 'Retry-After as a date',
  }),
  sentAgain(25, 'submit-429-concurrency', {
    ...limited,
    behind: 'submit-queued',
    note: 'waits until the other job has ended',
  }),
  sentAgain(36, 'submit-200-error', {
    ...noChannel,
    note: 'the error code decides, not the status 200',
  }),
  sentAgain(38, 'submit-late=busy', noChannel),
  sentAgain(153, 'submit-503-before', { kind: 'gateway_unavailable' }),
  sentAgain(153, 'submit-503-before=session', { kind: 'gateway_unavailable' }),
  sentAgain(143, 'submit-vendor-401', {
    ...noChannel,
    note: "the vendor refused the gateway's key, not ours",
  }),
];
