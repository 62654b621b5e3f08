import { z } from 'zod';
import { videoId } from '../../serve/api/video-schemas.ts';
import { findVideo, workflowIdOf } from '../../serve/videos/find-video.ts';
import { listVideos } from '../../serve/videos/list-videos.ts';
import { hasEnded, type TenantVideo } from '../../serve/videos/video-object.ts';
import { videoResult } from '../results/video-result.ts';
import { videoSummary, videoSummarySchema, type VideoSummary } from '../results/video-summary.ts';
import { videoWords } from '../results/video-words.ts';
import { guarded, type ToolParts } from './tool.ts';

const readOnly = { readOnlyHint: true, openWorldHint: false };

/** Hosts give up on a call after a minute. */
const maxWaitSeconds = 45;
const defaultWaitSeconds = 25;

/** The state of one video, now. */
export function registerVideoStatus({ server, ports, caller }: ToolParts): void {
  server.registerTool(
    'video_status',
    {
      title: 'Status of a video',
      description: 'Says what is known of a video now: phase, progress, cost, link to the file.',
      inputSchema: z.strictObject({ id: videoId }),
      outputSchema: videoSummarySchema,
      annotations: readOnly,
    },
    ({ id }) =>
      guarded({ ports }, async () =>
        videoResult(await findVideo(ports, caller.tenant, id), { ports, caller, more: {} }),
      ),
  );
}

/** Waits for the end of a video, for a limited time. */
export function registerWaitForVideo({ server, ports, caller }: ToolParts): void {
  const { tenant } = caller;
  server.registerTool(
    'wait_for_video',
    {
      title: 'Wait for a video',
      description:
        `Waits until a video is stored, has failed or was cancelled, or a person must decide (phase unresolved), at most ` +
        `${maxWaitSeconds} s. With \`timed_out\`: true it is still under way, which is no error: call again. \`completed\` is only ` +
        'said of a stored file.',
      inputSchema: z.strictObject({
        id: videoId,
        seconds: z.int().min(1).max(maxWaitSeconds).default(defaultWaitSeconds),
      }),
      outputSchema: videoSummarySchema.extend({ timed_out: z.boolean() }),
      annotations: readOnly,
    },
    ({ id, seconds }, { mcpReq }) =>
      guarded({ ports }, async () => {
        const before = await findVideo(ports, tenant, id);
        if (isWorthWaiting(before)) {
          const signal = AbortSignal.any([mcpReq.signal, ports.closing]);
          // A wait that begins after the deadline is for the late video; others end at the deadline.
          const untilClosed = before.status.phase === 'overdue';
          const options = { timeoutMs: seconds * 1_000, signal, untilClosed };
          await ports.videos.wait(workflowIdOf(tenant, id), options).catch((error: unknown) => {
            if (!signal.aborted) throw error;
          });
        }
        const video = await findVideo(ports, tenant, id);
        const more = { timed_out: isWorthWaiting(video) };
        return videoResult(video, { ports, caller, more });
      }),
  );
}

/** A page of videos. */
export function registerListVideos({ server, ports, caller }: ToolParts): void {
  server.registerTool(
    'list_videos',
    {
      title: 'List videos',
      description: 'Lists videos, newest first. Statuses of a list may be a few seconds old.',
      inputSchema: z.strictObject({
        limit: z.int().min(1).max(50).default(10),
        after: videoId.exactOptional().describe('Id of the last video of the page before'),
      }),
      outputSchema: z.strictObject({
        videos: z.array(videoSummarySchema.omit({ link: true })),
        has_more: z.boolean(),
      }),
      annotations: readOnly,
    },
    ({ limit, after }) =>
      guarded({ ports }, async () => {
        const page = { limit, order: 'desc' as const, ...(after !== undefined && { after }) };
        const { videos, hasMore } = await listVideos(ports, caller.tenant, page);
        const rows = await Promise.all(
          videos.map((video) => videoSummary(video, { ports, link: null })),
        );
        const text = rows.map(videoWords).join('\n') || 'There are no videos.';
        const shown = rows.map(withoutLink);
        return {
          content: [{ type: 'text', text }],
          structuredContent: { videos: shown, has_more: hasMore },
        };
      }),
  );
}

/** Only a person ends an unresolved submit, so an agent does not wait for it. */
function isWorthWaiting({ status }: TenantVideo): boolean {
  return !hasEnded(status) && status.phase !== 'unresolved';
}

function withoutLink(row: VideoSummary): Omit<VideoSummary, 'link'> {
  const { link: _, ...shown } = row;
  return shown;
}
