import { z } from 'zod';
import { needsDecision } from '../../client/wait-for-video.ts';
import { videoId } from '../../serve/api/video-schemas.ts';
import { streamHolder } from '../../serve/limits/open-streams.ts';
import { findVideo, workflowIdOf } from '../../serve/videos/find-video.ts';
import { hasEnded, type TenantVideo } from '../../serve/videos/video-object.ts';
import { videoResult } from '../results/video-result.ts';
import { videoSummarySchema } from '../results/video-summary.ts';
import { guarded, type ToolParts } from './tool.ts';

/** Hosts give up on a call after a minute. */
const maxWaitSeconds = 45;
const defaultWaitSeconds = 25;

const description =
  'Waits until a video is stored, has failed or was cancelled, or a person must decide (phase unresolved), at most ' +
  `${maxWaitSeconds} s. With \`timed_out\`: true it is still under way, which is no error: call again. It comes sooner if ` +
  'too many waits are open. `completed` is only said of a stored file.';

/** Waits for the end of a video, for a limited time. */
export function registerWaitForVideo(parts: ToolParts): void {
  const { server, ports, caller } = parts;
  server.registerTool(
    'wait_for_video',
    {
      title: 'Wait for a video',
      description,
      inputSchema: z.strictObject({
        id: videoId,
        seconds: z.int().min(1).max(maxWaitSeconds).default(defaultWaitSeconds),
      }),
      outputSchema: videoSummarySchema.extend({ timed_out: z.boolean() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ id, seconds }, { mcpReq }) =>
      guarded(parts, async () => {
        const signal = AbortSignal.any([mcpReq.signal, ports.closing]);
        const video = await waited(parts, { id, seconds, signal });
        const more = { timed_out: isWorthWaiting(video) };
        return videoResult(video, { ports, caller, more });
      }),
  );
}

interface Wait {
  id: string;
  seconds: number;
  /** Aborted when the caller has gone, or the server stops. */
  signal: AbortSignal;
}

/** The video at the end of a wait. Open waits count as open event streams: both read for as long as they are open. */
async function waited({ ports, caller }: ToolParts, wait: Wait): Promise<TenantVideo> {
  const { tenant } = caller;
  const { id, seconds, signal } = wait;
  const before = await findVideo(ports, tenant, id);
  const close = isWorthWaiting(before) ? ports.streams.open(streamHolder(tenant)) : null;
  if (!close) return before;
  // A wait that begins after the deadline is for the late video; others end at the deadline.
  const untilClosed = before.status.phase === 'overdue';
  try {
    const options = { timeoutMs: seconds * 1_000, signal, untilClosed };
    await ports.videos.wait(workflowIdOf(tenant, id), options);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    close();
  }
  // The connection to Temporal may be closed by now.
  return signal.aborted ? before : findVideo(ports, tenant, id);
}

/** Only a person ends an unresolved submit, so an agent does not wait for it. */
function isWorthWaiting({ status }: TenantVideo): boolean {
  return !hasEnded(status) && !needsDecision(status);
}
