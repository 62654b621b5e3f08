import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { VideoSnapshot } from '../../client/video-client.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import { tenantOf } from '../../identity/tenant-video.ts';
import {
  listNewestVideos,
  type NewestFilter,
  type NewestVideo,
  type NewestVideos,
} from '../../runs/newest-videos.ts';
import { isDeleted } from '../../serve/videos/deleted-videos.ts';
import type { StudioPorts } from '../ports.ts';

/** The parts of the overview. */
export const groups = {
  decide: ['unresolved', 'overdue'],
  open: ['waiting', 'submitting', 'queued', 'running', 'delivering'],
  stored: ['stored'],
  ended: ['failed', 'cancelled'],
} as const satisfies Record<string, readonly VideoPhase[]>;
/** One of {@link groups}. */
export type GroupName = keyof typeof groups;

/** A video of a list, with what its run says. */
export interface ListedStatus {
  row: NewestVideo;
  /** Only what the index knows if the run did not answer in time. */
  status: VideoSnapshot;
}

/** A page of a list. */
export interface StatusPage extends Omit<NewestVideos, 'videos'> {
  videos: ListedStatus[];
}

/** Without a worker, a query takes 3 s. A list does not wait so long. */
const detailsTimeoutMs = 1_000;

/** Lists videos with their statuses, newest first. */
export async function readStatusPage(
  ports: StudioPorts,
  filter: NewestFilter,
): Promise<StatusPage> {
  const { videos, ...rest } = await listVideos(ports, filter);
  return { ...rest, videos: await Promise.all(videos.map((row) => withStatus(ports, row))) };
}

/** Lists videos, newest first. Those that a tenant has deleted are left out. */
function listVideos(ports: StudioPorts, filter: NewestFilter): Promise<NewestVideos> {
  const { temporal, storage } = ports;
  return listNewestVideos(temporal, filter, {
    now: ports.now(),
    windows: windowsOf(temporal),
    isHidden: async (run) => tenantOf(run.videoId) !== null && isDeleted(storage, run),
  });
}

/** A live page asks for the same lists every few seconds. */
const windows = new WeakMap<Client, Map<string, number>>();

function windowsOf(client: Client): Map<string, number> {
  const known = windows.get(client) ?? new Map<string, number>();
  windows.set(client, known);
  return known;
}

async function withStatus(ports: StudioPorts, row: NewestVideo): Promise<ListedStatus> {
  const { videoId, phase, billed, startedAt } = row;
  const known = { videoId, phase, billed, startedAt, live: false };
  // All that a list shows of a stored video is in the index.
  if (phase === 'stored') return { row, status: known };
  const read = ports.read(videoId, { isDetailed: true }).then(
    ({ status }) => status,
    () => known,
  );
  const limit = new AbortController();
  const late = sleep(detailsTimeoutMs, known, { signal: limit.signal }).catch(() => known);
  const status = await Promise.race([read, late]);
  limit.abort();
  return { row, status };
}
