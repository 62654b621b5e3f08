import { jobFailed, stored, type FaultRow } from './fault-row.ts';

const videos = { format: 'videos' } as const;

/** Polls that fail or get no response: the job and the watch continue. */
export const pollFault: readonly FaultRow[] = [
  stored(50, 'poll-not-exist-first'),
  stored(50, 'poll-not-exist-first=5', { ...videos, tells: 'task_not_found' }),
  stored(51, 'poll-not-exist-late'),
  stored(51, 'poll-not-exist-late=6', {
    tells: 'task_not_found',
    note: "a fault of the gateway's database: reported, polled more slowly, delivered",
  }),
  stored(68, 'poll-429-empty'),
  stored(69, 'poll-html'),
  stored(69, 'poll-html=524', videos),
  stored(69, 'poll-html=200'),
  stored(70, 'poll-5xx-json', videos),
  stored(70, 'poll-5xx-json=get'),
  stored(70, 'poll-5xx-json=501', videos),
  stored(70, 'poll-5xx-json=503', videos),
  stored(165, 'poll-one-route', { ...videos, note: 'the other route has the final status' }),
  stored(165, 'poll-one-route=html', videos),
  stored(165, 'poll-one-route=generations'),
  jobFailed(71, 'poll-410', {
    kind: 'result_expired',
    billed: 'yes',
    note: 'the job succeeded, its video is gone',
  }),
  stored(72, 'poll-401-mid', {
    tells: 'auth',
    note: 'polling is paused and the error is shown; the job never fails',
  }),
  stored(73, 'poll-drop'),
  stored(73, 'poll-hang', { note: 'the timeout of one poll is 20 s' }),
  stored(73, 'poll-slow'),
  stored(74, 'poll-cut-json', videos),
  stored(77, 'poll-serial-lag=5', { note: '5 s late for each running job' }),
];
