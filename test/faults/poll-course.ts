import { jobFailed, overdue, stored, type FaultRow } from './fault-row.ts';

const gemini = { model: 'veo-3.0-generate-001', size: '1280x720', duration: 8 };
const ali = { model: 'wan2.5-t2v-preview', size: '1280*720', seconds: '5' };
const videos = { format: 'videos' } as const;
const timeout = { kind: 'task_timeout' } as const;
const swept = { ...timeout, lane: 'swept', deadlineMs: 1_000, tells: 'overdue' } as const;
const upstreamError = { ...videos, tells: 'upstream returned error' };

/** How a job goes and ends. */
export const pollCourse: readonly FaultRow[] = [
  stored(43, 'poll-envelope'),
  jobFailed(44, 'poll-envelope-failure', { tells: 'Failure to pass the risk control system' }),
  jobFailed(45, 'poll-gateway-timeout', timeout),
  stored(46, 'poll-openai', videos),
  stored(46, 'poll-openai=recorded', videos),
  stored(46, 'poll-openai', { ...videos, body: ali }),
  stored(48, 'poll-gemini-flip', { body: gemini }),
  overdue(52, 'poll-never-finishes', { note: 'the deadline is no failure' }),
  jobFailed(52, 'poll-never-finishes', {
    ...swept,
    note: 'overdue first; then the final status of the gateway after its 24 h',
  }),
  jobFailed(55, 'poll-failed-no-error', {
    ...upstreamError,
    note: 'the reason comes from the other route',
  }),
  jobFailed(55, 'poll-failed-no-error=metadata', upstreamError),
  jobFailed(56, 'poll-stale-sora', {
    ...videos,
    ...timeout,
    note: 'detected through the other route',
  }),
  jobFailed(56, 'poll-stale-sora=ali', { ...videos, ...timeout, body: ali }),
  stored(56, 'poll-stale-sora=success', videos),
  ...['cancelled', 'expired', 'aborted'].map((word) =>
    jobFailed(59, `poll-cancelled=${word}`, videos),
  ),
  stored(172, 'poll-takes=45'),
  jobFailed(76, 'poll-false-failure', { note: 'keeps its id: adopting the job delivers it later' }),
  jobFailed(76, 'poll-false-failure=limit'),
  jobFailed(76, 'poll-false-failure=unreadable', {
    tells: '无需重新提交',
    note: 'the gateway has given up, whatever its message says, and has refunded the charge',
  }),
  stored(78, 'poll-url-renewed'),
  stored(152, 'poll-key-exhausted=6', { tells: 'quota', note: 'the key is accepted again later' }),
  stored(152, 'poll-key-exhausted=401:6', { ...videos, tells: 'auth' }),
  overdue(152, 'poll-key-exhausted', { tells: 'quota', note: 'never a failure of the job' }),
  stored(152, 'poll-key-spent', {
    lane: 'single',
    records: 'task log',
    tells: 'quota',
    note: 'status and result URL come from the task log',
  }),
  overdue(152, 'poll-key-spent', {
    lane: 'single',
    tells: 'quota',
    note: 'without an access token: never a failure, and not reported as a wrong key',
  }),
  jobFailed(153, 'poll-status-less', upstreamError),
  jobFailed(153, 'poll-status-less=bare', upstreamError),
  jobFailed(153, 'poll-status-less=mystery', upstreamError),
  jobFailed(153, 'poll-status-less=cancelled', upstreamError),
  stored(154, 'poll-vendor-task-id', { ...videos, note: 'only our id is polled' }),
  overdue(155, 'poll-frozen'),
  overdue(155, 'poll-frozen=QUEUED'),
  overdue(155, 'poll-frozen=IN_PROGRESS', videos),
  jobFailed(155, 'poll-frozen', swept),
  jobFailed(156, 'poll-channel-deleted', {
    billed: 'yes',
    tells: 'Failed to get channel info',
    note: 'the one failure that is not refunded',
  }),
  jobFailed(157, 'poll-gemini-failed', {
    body: gemini,
    billed: 'maybe',
    tells: 'The prompt could not be submitted.',
  }),
  jobFailed(157, 'poll-gemini-failed', {
    ...videos,
    body: gemini,
    billed: 'maybe',
    note: 'neither route of Gemini shows the quota',
    tells: 'The prompt could not be submitted.',
  }),
  stored(158, 'poll-content-only', videos),
  stored(158, 'poll-content-only'),
  jobFailed(159, 'poll-quota-field', {
    billed: 'maybe',
    note: '`quota` stays although the charge was refunded, so the billing is unknown',
  }),
];
