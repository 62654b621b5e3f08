import { stored, type FaultRow } from './fault-row.ts';

const videos = { format: 'videos' } as const;

/** The place and the form in which a finished job returns its video. */
export const pollResult: readonly FaultRow[] = [
  stored(53, 'poll-completed-no-url', videos),
  stored(53, 'poll-completed-no-url'),
  stored(53, 'poll-completed-no-url=metadata', videos),
  stored(54, 'poll-bare-rc30', videos),
  stored(54, 'poll-bare-rc30=nowhere', { ...videos, note: '`/content` has it' }),
  stored(63, 'poll-data-url', { note: '3 MB inside the status; no byte of it is in the history' }),
  stored(63, 'poll-data-url=30', { ...videos, note: '30 MB' }),
  stored(64, 'poll-huge-raw', { note: "20 MB of the vendor's body" }),
  stored(65, 'poll-url-place'),
  stored(65, 'poll-url-place=content.video_url', videos),
  stored(65, 'poll-url-place=content.0.video_url.url', videos),
  stored(65, 'poll-url-place=output.video_url', videos),
  stored(65, 'poll-url-place=results.0', videos),
  stored(65, 'poll-url-place=fail_reason', { note: 'on success only' }),
  stored(66, 'poll-url-odd', videos),
  stored(66, 'poll-url-odd=localhost'),
  stored(66, 'poll-url-odd=gs', videos),
];
