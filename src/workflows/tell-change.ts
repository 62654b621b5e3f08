import { log, metricMeter } from '@temporalio/workflow';
import { count, modelLabel, observe } from '../contract/metrics.ts';
import type { VideoStatus } from '../contract/messages.ts';

/** Logs one line and counts one metric per phase that a video enters; neither is repeated during replay. */
export function tellChange(status: VideoStatus, before?: VideoStatus): void {
  const { phase, billed, failure } = status;
  if (phase === before?.phase) return;
  count(metricMeter, 'onetake_phases_total', { phase });
  const line = lineOf(status);
  if (phase === 'unresolved' || phase === 'overdue' || phase === 'failed') {
    log.warn(`Video ${phase}`, line);
  } else log.info(`Video ${phase}`, line);
  if (phase !== 'stored' && phase !== 'failed' && phase !== 'cancelled') return;
  const kind = failure?.kind ?? 'none';
  count(metricMeter, 'onetake_videos_ended_total', { phase, kind, billed });
  if (phase === 'stored') observeReady(status);
}

/** Only models that the gateway sells get here, so the number of label values needs no bound. */
function observeReady({ model, submittedAt }: VideoStatus): void {
  if (submittedAt === undefined) return;
  const value = (Date.now() - Date.parse(submittedAt)) / 1_000;
  observe(metricMeter, 'onetake_video_ready_seconds', { model: modelLabel(model), value });
}

/** Contains no prompt and no address. */
function lineOf({ phase, billed, model, jobId, failure, unresolved, video }: VideoStatus) {
  const why = failure ?? (phase === 'unresolved' ? unresolved?.failure : undefined);
  return {
    phase,
    billed,
    ...(model !== undefined && { model }),
    ...(jobId !== undefined && { jobId }),
    ...(why && { kind: why.kind, reason: why.message }),
    ...(why?.requestId !== undefined && { requestId: why.requestId }),
    ...(phase === 'stored' && video && { key: video.key, sizeBytes: video.sizeBytes }),
  };
}
