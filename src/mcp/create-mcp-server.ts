import { McpServer } from '@modelcontextprotocol/server';
import { askedStates } from './asking/asked-state.ts';
import type { McpCaller, McpPorts } from './ports.ts';
import { registerVideoResource } from './resources/video-resource.ts';
import { registerCancelVideo, registerResolveVideo } from './tools/act-on-videos.ts';
import { registerGenerateVideo } from './tools/generate-video.ts';
import { registerListModels } from './tools/list-models.ts';
import { registerQuoteVideo } from './tools/quote-video.ts';
import { registerListVideos, registerVideoStatus } from './tools/read-videos.ts';
import { registerWaitForVideo } from './tools/wait-for-video.ts';

const instructions =
  'Makes videos through a paid gateway. Each video is paid once, and only with the word of a person. Call quote_video ' +
  'before generate_video, then wait_for_video until the video is stored. If a call fails, never use another key to try ' +
  'again unless the person agrees to pay again.';

/** More values than any request has. */
const maxArgumentElements = 10_000;

/** The MCP server of one caller. It keeps nothing that the next request needs, so any replica can answer that. */
export function createMcpServer(ports: McpPorts, caller: McpCaller): McpServer {
  const states = askedStates(ports, caller.tenant.name);
  const server = new McpServer(
    { name: 'onetake', title: 'onetake', version: ports.version },
    {
      instructions,
      // The lists are fixed, so there is nothing to subscribe to.
      capabilities: { tools: { listChanged: false }, resources: { listChanged: false } },
      requestState: { verify: states.verify },
      maxToolInputElements: maxArgumentElements,
    },
  );
  const parts = { server, ports, caller, states };
  registerQuoteVideo(parts);
  registerGenerateVideo(parts);
  registerVideoStatus(parts);
  registerWaitForVideo(parts);
  registerListVideos(parts);
  registerListModels(parts);
  registerCancelVideo(parts);
  if (ports.withResolve) registerResolveVideo(parts);
  registerVideoResource(parts);
  return server;
}
