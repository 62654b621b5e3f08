import { waitForVideo } from '../../client/wait-for-video.ts';
import type { VideoSnapshot } from '../../client/video-client.ts';
import { toApiError } from '../http/error-table.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { findVideo, workflowIdOf } from '../videos/find-video.ts';
import { videoObject, type TenantVideo } from '../videos/video-object.ts';
import { createLatest } from './latest.ts';

/** Interval between two reads of the status. All viewers of a video share them. */
const intervalMs = 2_000;
/** Shorter than the idle limits of proxies. */
const heartbeatMs = 15_000;
/** Until a browser connects again, in milliseconds. */
const reconnectMs = 3_000;
/** The id of the last event. A browser that connects again sends it, and is told to stop. */
export const lastEventId = 'end';

/** Writes a part of a stream. Rejects or returns false if the viewer has gone. */
export interface EventSink {
  write(text: string): Promise<void>;
  /** Aborted when the viewer has gone, or the server stops. */
  signal: AbortSignal;
}

/**
 * Streams a video as server-sent events: `video` with the Video object now and after each change, `end` with the last
 * one. Comments keep the connection open.
 *
 * @param video As it was read when the stream was opened.
 */
export async function streamVideo(
  ports: Pick<ServePorts, 'join' | 'read' | 'storage' | 'retention'>,
  { tenant, id, video }: { tenant: Tenant; id: string; video: TenantVideo },
  sink: EventSink,
): Promise<void> {
  const latest = createLatest<VideoSnapshot>();
  const watch = waitForVideo(ports.join, workflowIdOf(tenant, id), {
    onStatus: latest.put,
    intervalMs,
    signal: sink.signal,
    untilClosed: true,
  });
  // The watch may fail while a slow viewer is written to.
  watch.then(latest.end, latest.end);
  let shown = textWithoutTime(video);
  await sink.write(`retry: ${reconnectMs}\n\n${event('video', videoObject(video))}`);
  while (!sink.signal.aborted && !latest.isOver) {
    const status = await latest.next(heartbeatMs);
    const next = status && { ...video, status };
    const text = next ? event('video', videoObject(next)) : ': still here\n\n';
    const plain = next ? textWithoutTime(next) : text;
    // The first status of the watch is mostly the one that was shown already.
    if (plain !== shown && !(status === null && latest.isOver)) await sink.write(text);
    if (status) shown = plain;
  }
  if (sink.signal.aborted) return;
  try {
    await watch;
    const [last, rule] = await Promise.all([findVideo(ports, tenant, id), ports.retention()]);
    await sink.write(event('end', videoObject(last, rule), lastEventId));
  } catch (error) {
    await sink.write(event('error', errorOf(error)));
  }
}

function event(name: string, data: object, id?: string): string {
  const lines = [`event: ${name}`, ...(id === undefined ? [] : [`id: ${id}`])];
  return `${lines.join('\n')}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The time left alone is no news. */
function textWithoutTime(video: TenantVideo): string {
  return JSON.stringify(videoObject(video, null, 0));
}

/** The video was deleted, or Temporal does not answer. The viewer connects again. */
function errorOf(error: unknown) {
  const { code, message } = toApiError(error);
  return { error: { code, message } };
}
