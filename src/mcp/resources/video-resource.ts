import {
  ResourceNotFoundError,
  ResourceTemplate,
  type Resource,
} from '@modelcontextprotocol/server';
import { toApiError } from '../../serve/http/error-table.ts';
import { findVideo } from '../../serve/videos/find-video.ts';
import { listVideos } from '../../serve/videos/list-videos.ts';
import { videoObject, type TenantVideo } from '../../serve/videos/video-object.ts';
import { apiIdOf } from '../../identity/tenant-video.ts';
import { resourceUri } from '../results/video-summary.ts';
import type { ToolParts } from '../tools/tool.ts';

const mimeType = 'application/json';
/** Hosts show this list to a person. */
const listed = 20;

/** All that is known of a video, as JSON: the newest are listed, and each can be read by its id. */
export function registerVideoResource({ server, ports, caller }: ToolParts): void {
  const { tenant } = caller;
  const template = new ResourceTemplate(resourceUri('{id}'), {
    list: async () => {
      const { videos } = await listVideos(ports, tenant, { limit: listed, order: 'desc' });
      return { resources: videos.map(resourceOf) };
    },
  });
  server.registerResource(
    'video',
    template,
    { title: 'Video', description: 'Status, cost and file of a video', mimeType },
    async (uri, { id }) => {
      const video = await findVideo(ports, tenant, String(id)).catch((error: unknown) => {
        throw toApiError(error).status === 404 ? new ResourceNotFoundError(uri.href) : error;
      });
      const object = videoObject(video, await ports.retention(), ports.now());
      return { contents: [{ uri: uri.href, mimeType, text: JSON.stringify(object) }] };
    },
  );
}

function resourceOf({ status, memo }: TenantVideo): Resource {
  const id = apiIdOf(status.videoId);
  const title = memo.prompt ?? memo.model;
  return { uri: resourceUri(id), name: id, mimeType, ...(title && { title: title.slice(0, 100) }) };
}
