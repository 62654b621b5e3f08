import type { CallToolResult } from '@modelcontextprotocol/server';
import type { TenantVideo } from '../../serve/videos/video-object.ts';
import type { McpCaller, McpPorts } from '../ports.ts';
import { videoSummary, type VideoSummary } from './video-summary.ts';
import { videoWords } from './video-words.ts';

/** A result about one video: its summary, a sentence, and a link to the file once it is stored. */
export async function videoResult<More extends object>(
  video: TenantVideo,
  { ports, caller, more }: { ports: McpPorts; caller: McpCaller; more: More },
): Promise<CallToolResult & { structuredContent: VideoSummary & More }> {
  const summary = await videoSummary(video, { ports, link: caller.linkOf(video) });
  return {
    content: [{ type: 'text', text: videoWords(summary) }, ...linkOf(summary)],
    structuredContent: { ...summary, ...more },
  };
}

/** The bytes of a video are never in a result. */
function linkOf({ id, link, file }: VideoSummary): CallToolResult['content'] {
  if (link === null || file === null) return [];
  const { content_type: mimeType, size_bytes: size } = file;
  return [{ type: 'resource_link', uri: link.uri, name: id, title: 'Video file', mimeType, size }];
}
