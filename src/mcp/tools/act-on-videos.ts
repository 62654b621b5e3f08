import { z } from 'zod';
import { videoId } from '../../serve/api/video-schemas.ts';
import { cancelVideo, resolveVideo } from '../../serve/videos/act-on-video.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { videoResult } from '../results/video-result.ts';
import { videoSummarySchema } from '../results/video-summary.ts';
import { guarded, type ToolParts } from './tool.ts';

const destructive = { readOnlyHint: false, destructiveHint: true, openWorldHint: true };

/** Cancels a video, or only its watching. */
export function registerCancelVideo({ server, ports, caller }: ToolParts): void {
  server.registerTool(
    'cancel_video',
    {
      title: 'Cancel a video',
      description:
        'Cancels a video. A job that the gateway has accepted stays charged and cannot be stopped there; ' +
        'with `keep` its video is still stored. `billed` of the result says what stays charged.',
      inputSchema: z.strictObject({
        id: videoId,
        keep: z
          .boolean()
          .default(false)
          .describe('Store the video if it is already paid; cancel it only if it is not'),
      }),
      outputSchema: videoSummarySchema,
      annotations: { ...destructive, idempotentHint: false },
    },
    ({ id, keep }) =>
      guarded({ ports, caller }, async () => {
        const video = await cancelVideo(ports, caller.tenant, { id, keep });
        return videoResult(video, { ports, caller, more: {} });
      }),
  );
}

/** Decides a submit with an unknown outcome. `resubmit` pays, so it is left to a person. */
export function registerResolveVideo({ server, ports, caller }: ToolParts): void {
  server.registerTool(
    'resolve_video',
    {
      title: 'Decide an unresolved video',
      description:
        'Decides a video in phase unresolved: `adopt` delivers one of its candidate jobs, `abandon` gives the video up. ' +
        'A new submit pays again, so a person starts it. Ask the person first.',
      inputSchema: z.strictObject({
        id: videoId,
        action: z.enum(['adopt', 'abandon']),
        job_id: z.string().min(1).exactOptional().describe('With adopt: one of the candidates'),
      }),
      outputSchema: videoSummarySchema,
      annotations: { ...destructive, idempotentHint: false },
    },
    ({ id, action, job_id: jobId }) =>
      guarded({ ports, caller }, async () => {
        const decision = decisionOf(action, jobId);
        const video = await resolveVideo(ports, caller.tenant, {
          id,
          decision,
          // An agent is never the operator, also without API keys.
          isOperator: false,
        });
        return videoResult(video, { ports, caller, more: {} });
      }),
  );
}

function decisionOf(action: 'adopt' | 'abandon', jobId: string | undefined) {
  if (action === 'abandon') return { action };
  if (jobId !== undefined) return { action, jobId };
  const message = 'adopt needs a "job_id": one of "unresolved.candidates" of video_status';
  throw new ApiError(400, 'invalid_request', { message, param: 'job_id' });
}
