import { jobFailed, stillDelivering, stored, took, type FaultRow } from './fault-row.ts';

const videos = { format: 'videos' } as const;
const blocked = { kind: 'blocked_url', billed: 'yes', ...took(1, 0) } as const;
/** The media address comes first, whatever the status shows first. */
const direct = { ...took(1), note: '`/content` is requested last' };
/** The next attempt is another request for the same address. */
const again = { kind: 'result_missing' } as const;

/** From the address in a status to the bytes: redirects, refusals, other addresses. */
export const downloadWay: readonly FaultRow[] = [
  stored(80, 'dl-307-strict', { ...took(2), note: 'the API key is sent to the gateway only' }),
  stored(81, 'dl-302-signed', took(2)),
  stored(82, 'dl-byte-exact', took(1)),
  stored(82, 'dl-byte-exact=location', took(2)),
  stillDelivering(83, 'dl-redirect-loop', {
    kind: 'gateway_unavailable',
    ...took(8 * 6, 0),
    note: 'five redirects in each attempt',
  }),
  stillDelivering(83, 'dl-redirect-loop=chain', {
    kind: 'gateway_unavailable',
    ...took(8 * 6, 0),
  }),
  ...['', '=private', '=loopback'].map((variant) =>
    jobFailed(84, `dl-redirect-private${variant}`, blocked),
  ),
  ...['', '=data', '=http'].map((variant) =>
    jobFailed(85, `dl-redirect-scheme${variant}`, blocked),
  ),
  stored(86, 'dl-direct-plain', took(1)),
  stored(87, 'dl-401-needs-key', {
    ...took(2),
    note: 'the API key is sent there, and nowhere else',
  }),
  stored(88, 'dl-404-early', { ...again, ...took(4) }),
  stored(88, 'dl-404-early', { ...again, ...videos, ...took(4) }),
  stored(89, 'dl-400-early', { ...again, ...took(3) }),
  stored(90, 'dl-expired', { ...took(3), note: 'the next address has it' }),
  stored(90, 'dl-expired=signature', took(3)),
  jobFailed(91, 'dl-gone', { kind: 'result_expired', billed: 'yes', ...took(1, 0) }),
  jobFailed(91, 'poll-410, dl-gone', { kind: 'result_expired', billed: 'yes', ...took(0, 0) }),
  stored(102, 'dl-json-url', took(2)),
  stored(102, 'dl-json-url=data', took(2)),
  stored(103, 'dl-json-error', direct),
  stored(103, 'dl-json-error=html', direct),
  stored(103, 'poll-content-only, dl-json-error=1', { kind: 'not_video', ...took(3) }),
  ...['', '=fetch', '=500', '=503'].map((variant) => stored(115, `dl-5xx${variant}`, direct)),
  stored(115, 'poll-content-only, dl-5xx=2', { kind: 'gateway_unavailable', ...took(4) }),
  stored(116, 'dl-429-ip', { kind: 'rate_limited', ...took(3) }),
  ...['', '=405', '=nolength'].map((variant) =>
    stored(119, `dl-head${variant}`, { ...took(1), note: 'HEAD is never sent' }),
  ),
  stored(120, 'dl-403-blocked', direct),
  stored(120, 'poll-content-only, dl-403-blocked=1', { ...again, ...took(3) }),
  jobFailed(160, 'dl-400-failure', {
    lane: 'attempts',
    ...took(1, 0),
    note: 'the next poll returns the final status',
  }),
  stillDelivering(161, 'dl-own-url-loop', { kind: 'rate_limited', ...took(8, 0) }),
  stored(162, 'dl-channel-deleted', direct),
  stored(162, 'poll-content-only, dl-channel-deleted=1', {
    kind: 'gateway_unavailable',
    ...took(3),
  }),
];
