import { z } from 'zod';
import { videoId } from '../../serve/api/video-schemas.ts';
import { findVideo } from '../../serve/videos/find-video.ts';
import { listVideos } from '../../serve/videos/list-videos.ts';
import { videoResult } from '../results/video-result.ts';
import { videoSummary, videoSummarySchema, type VideoSummary } from '../results/video-summary.ts';
import { videoWords } from '../results/video-words.ts';
import { guarded, type ToolParts } from './tool.ts';

const readOnly = { readOnlyHint: true, openWorldHint: false };

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
      guarded({ ports, caller }, async () =>
        videoResult(await findVideo(ports, caller.tenant, id), { ports, caller, more: {} }),
      ),
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
      guarded({ ports, caller }, async () => {
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

function withoutLink(row: VideoSummary): Omit<VideoSummary, 'link'> {
  const { link: _, ...shown } = row;
  return shown;
}
