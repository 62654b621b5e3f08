import { jobFailed, overdue, stored, type FaultRow } from './fault-row.ts';

const videos = { format: 'videos' } as const;

/** Unexpected statuses, numbers and formats in a poll response. */
export const pollBody: readonly FaultRow[] = [
  stored(47, 'poll-unknown-n'),
  stored(47, 'poll-unknown-n=20', { ...videos, tells: 'status_unknown' }),
  overdue(47, 'poll-unknown-n=forever', {
    ...videos,
    deadlineMs: 15_000,
    tells: 'status_unknown',
    note: 'only the deadline ends it',
  }),
  stored(49, 'poll-data-null'),
  stored(49, 'poll-data-null=5'),
  stored(57, 'poll-word'),
  stored(57, 'poll-word=DONE', videos),
  stored(57, 'poll-word=in-progress', videos),
  stored(57, 'poll-word=Not Start'),
  jobFailed(57, 'poll-word=Rejected'),
  stored(58, 'poll-word-new', { ...videos, tells: 'reviewing' }),
  stored(58, 'poll-word-new', { tells: 'REVIEWING' }),
  stored(164, 'poll-no-word', { note: 'neither a change nor a final status' }),
  stored(164, 'poll-no-word=20', { ...videos, tells: 'status_unknown' }),
  overdue(164, 'poll-no-word=forever', { deadlineMs: 15_000, tells: 'status_unknown' }),
  stored(60, 'poll-progress'),
  stored(60, 'poll-progress', videos),
  jobFailed(60, 'poll-progress=failure', { note: '100 % is no success' }),
  stored(61, 'poll-backwards'),
  stored(62, 'poll-archiving', { note: '100 % does not end the job' }),
  stored(67, 'poll-times', videos),
  ...['string', 'number', 'null', 'nested', 'suffix'].map((shape) =>
    jobFailed(75, `poll-error-shapes=${shape}`, {
      ...videos,
      tells: ['moderation', 'request id '],
    }),
  ),
];
