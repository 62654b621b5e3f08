import { jobFailed, overdue, stored, type FaultRow } from './fault-row.ts';

const sora = { model: 'sora-2', size: '1280x720' };
const wholeSeconds = { model: 'kling-v1', size: '1280x720', duration: 5 };

/** Creates that were accepted, whatever the response looks like. */
export const submitAccepted: readonly FaultRow[] = [
  stored(1, 'submit-queued'),
  stored(1, 'submit-queued', { format: 'videos' }),
  stored(2, 'submit-unknown-status'),
  stored(3, 'submit-fallback-body'),
  stored(4, 'submit-id-only', { format: 'videos', note: 'this id is polled' }),
  stored(5, 'submit-enveloped', { note: 'the row number 17 is never polled' }),
  stored(6, 'submit-long-id', { note: 'percent-encoded in the path' }),
  stored(7, 'submit-vendor-status', { format: 'videos' }),
  stored(7, 'submit-vendor-status=preparing', { format: 'videos' }),
  stored(8, 'submit-instant-success', { format: 'videos' }),
  jobFailed(9, 'submit-instant-failure', {
    format: 'videos',
    note: 'the job exists, and its id is kept',
  }),
  stored(38, 'submit-slow', { note: 'answered after 60 s' }),
  stored(38, 'submit-slow=99', { note: 'just before a CDN would time out' }),
  stored(38, 'submit-slow=head', { note: 'the headers at once, the body late' }),
  overdue(41, 'submit-orphan', {
    deadlineMs: 20_000,
    tells: 'task_not_found',
    note: '"no such task" never fails a paid job: it is polled until 26 h after the submit',
  }),
  stored(139, 'submit-201-id'),
  stored(139, 'submit-201-id=202', { format: 'videos' }),
  overdue(140, 'submit-hollow', { note: 'charged, but the vendor has no job' }),
  jobFailed(140, 'submit-hollow', {
    lane: 'swept',
    kind: 'task_timeout',
    deadlineMs: 1_000,
    tells: 'overdue',
    note: 'overdue first; then the final status of the gateway after its 24 h',
  }),
  stored(146, 'submit-strict-types', { body: wholeSeconds, note: 'a valid request is accepted' }),
  stored(149, 'submit-charged-length', {
    format: 'videos',
    body: { ...sora, duration: 8 },
    tells: ['duration', 'seconds × 8'],
    note: 'charged for 8 s, made 4 s: a warning before the POST, and the multiplier is kept',
  }),
];
