import {
  ProtocolError,
  ProtocolErrorCode,
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
    list: () =>
      readable({ ports, caller }, async () => {
        const { videos } = await listVideos(ports, tenant, { limit: listed, order: 'desc' });
        return { resources: videos.map(resourceOf) };
      }),
  });
  server.registerResource(
    'video',
    template,
    { title: 'Video', description: 'Status, cost and file of a video', mimeType },
    (uri, { id }) =>
      readable(
        { ports, caller },
        async () => {
          const video = await findVideo(ports, tenant, String(id));
          const object = videoObject(video, await ports.retention(), ports.now());
          return { contents: [{ uri: uri.href, mimeType, text: JSON.stringify(object) }] };
        },
        uri,
      ),
  );
}

/** A resource has errors of the protocol only. They say no more than those of the HTTP API. */
async function readable<T>(
  { ports, caller }: Pick<ToolParts, 'ports' | 'caller'>,
  read: () => Promise<T>,
  uri?: URL,
): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    const { status, message } = toApiError(thrown);
    if (status === 404 && uri) throw new ResourceNotFoundError(uri.href);
    const requestId = caller.requestId();
    if (status >= 500) ports.onError(thrown, requestId);
    throw new ProtocolError(ProtocolErrorCode.InternalError, message, { request_id: requestId });
  }
}

function resourceOf({ status, memo }: TenantVideo): Resource {
  const id = apiIdOf(status.videoId);
  const title = memo.prompt ?? memo.model;
  return { uri: resourceUri(id), name: id, mimeType, ...(title && { title: title.slice(0, 100) }) };
}
