import { z } from 'zod';
import { onetakeSchema, videoSchema } from '../../serve/api/video-schemas.ts';
import type { ServePorts } from '../../serve/ports.ts';
import { videoObject, type TenantVideo } from '../../serve/videos/video-object.ts';
import type { FileLink } from '../ports.ts';

const { id, model, status, progress, prompt, seconds, size, created_at, error } = videoSchema.shape;
const { phase, billed, outcome, eta, warnings, unresolved, waiting, cancellation, file } =
  onetakeSchema.shape;

/** What the tools say of a video: the fields of the HTTP API that an agent decides by, on one level. */
export const videoSummarySchema = z.strictObject({
  id,
  status,
  phase,
  billed,
  outcome,
  progress,
  model,
  prompt,
  seconds,
  size,
  created_at,
  eta,
  warnings,
  error,
  unresolved,
  waiting,
  cancellation,
  file,
  resource: z.string().describe('URI of the MCP resource with all fields'),
  link: z
    .strictObject({
      uri: z.string(),
      expires_at: z.int().describe('Seconds since the epoch').exactOptional(),
    })
    .nullable()
    .describe('Address of the stored file; null until it is stored'),
});

/** See {@link videoSummarySchema}. */
export type VideoSummary = z.infer<typeof videoSummarySchema>;

/** URI of the resource of a video. */
export function resourceUri(videoId: string): string {
  return `onetake://videos/${videoId}`;
}

/** The summary of a video. */
export async function videoSummary(
  video: TenantVideo,
  { ports, link }: { ports: Pick<ServePorts, 'retention' | 'now'>; link: FileLink | null },
): Promise<VideoSummary> {
  const { onetake, ...shown } = videoObject(video, await ports.retention(), ports.now());
  const { expiresAt } = link ?? {};
  return {
    id: shown.id,
    status: shown.status,
    phase: onetake.phase,
    billed: onetake.billed,
    ...(onetake.outcome && { outcome: onetake.outcome }),
    progress: shown.progress,
    model: shown.model,
    prompt: shown.prompt,
    seconds: shown.seconds,
    size: shown.size,
    created_at: shown.created_at,
    eta: onetake.eta,
    warnings: onetake.warnings,
    error: shown.error,
    unresolved: onetake.unresolved,
    ...(onetake.waiting && { waiting: onetake.waiting }),
    ...(onetake.cancellation && { cancellation: onetake.cancellation }),
    file: onetake.file,
    resource: resourceUri(shown.id),
    link: link && { uri: link.uri, ...(expiresAt !== undefined && { expires_at: expiresAt }) },
  };
}
