import { serviceHandler, type ServiceHandler } from 'nexus-rpc';
import { getClient } from '@temporalio/nexus';
import { z } from 'zod';
import { cancelVideo } from '../client/act-on-video.ts';
import { readVideoStatus } from '../client/status-reader.ts';
import { cancelGenerate, startGenerate } from './generate-operation.ts';
import { orHandlerError, parseInput } from './operation-errors.ts';
import { videoService } from './video-service.ts';

const namedVideo = z.object({ videoId: z.string().min(1) });

/** The handler of the Nexus service `video`. It uses the connection and namespace of the worker. */
export function createVideoServiceHandler(): ServiceHandler {
  return serviceHandler(videoService, {
    generate: { start: startGenerate, cancel: cancelGenerate },
    status: (_context, input) =>
      orHandlerError(() => readVideoStatus(getClient(), parseInput(namedVideo, input).videoId)),
    cancel: (_context, input) =>
      orHandlerError(() => cancelVideo(getClient(), parseInput(namedVideo, input).videoId)),
  });
}
