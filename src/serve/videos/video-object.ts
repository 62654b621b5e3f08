import type { z } from 'zod';
import type { VideoSnapshot } from '../../client/video-client.ts';
import type { StartedVideo } from '../../client/video-client.ts';
import { expectation } from '../../contract/expected-time.ts';
import type { VideoFailure } from '../../contract/failure.ts';
import type { RetriedStep, VideoPhase } from '../../contract/messages.ts';
import { placeAt, type WaitingPlace } from '../../contract/place-in-queue.ts';
import type { RequestMemo } from '../../contract/request-memo.ts';
import { isWaiting } from '../../contract/retry-words.ts';
import type { RetentionInput } from '../../contract/retention.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import { apiIdOf } from '../../identity/tenant-video.ts';
import type { videoSchema } from '../api/video-schemas.ts';
import { expiresAt } from './expiry.ts';
import { publicMessage } from './public-failure.ts';

/** OpenAI's Video object, with our fields in `onetake`. */
export type VideoObject = z.output<typeof videoSchema>;

/** The statuses of OpenAI's shape. A fifth word would end the poll loops of its clients. */
export type OpenAiStatus = VideoObject['status'];

/** What is known of a video of a tenant. */
export interface TenantVideo {
  status: VideoSnapshot;
  memo: Omit<RequestMemo, 'tags'>;
  /** Seconds since the epoch. */
  createdAt: number;
  completedAt: number | null;
  outcome?: StartedVideo['outcome'];
}

/**
 * The status by phase. An unresolved submit is in progress: `failed` would make callers pay again. `completed` is only
 * said of a verified file in the storage.
 */
export const statusOfPhase: Readonly<Record<VideoPhase, OpenAiStatus>> = {
  waiting: 'queued',
  submitting: 'queued',
  queued: 'queued',
  running: 'in_progress',
  delivering: 'in_progress',
  unresolved: 'in_progress',
  overdue: 'in_progress',
  stored: 'completed',
  failed: 'failed',
  cancelled: 'failed',
};

/** The response object of a video. @param rule By which old videos are pruned. @param nowMs Milliseconds since the epoch. */
export function videoObject(
  video: TenantVideo,
  rule: RetentionInput | null = null,
  nowMs: number = Date.now(),
): VideoObject {
  const { status, memo, createdAt, completedAt } = video;
  const { phase, video: file } = status;
  return {
    id: apiIdOf(status.videoId),
    object: 'video',
    model: status.model ?? memo.model,
    status: statusOfPhase[phase],
    progress: progressOf(status),
    created_at: createdAt,
    completed_at: completedAt,
    expires_at: expiresAt(video, rule),
    error: errorOf(status),
    prompt: memo.prompt,
    remixed_from_video_id: null,
    seconds: memo.seconds || (file ? String(Math.round(file.durationSeconds)) : ''),
    size: memo.size || (file ? `${file.width}x${file.height}` : ''),
    onetake: onetakeFields(video, nowMs),
  };
}

/** Whether the phase is final. */
export function hasEnded({ phase }: Pick<VideoSnapshot, 'phase'>): boolean {
  return phase === 'stored' || phase === 'failed' || phase === 'cancelled';
}

/** 100 only if the file is stored. */
export function progressOf({ phase, progressPercent = 0 }: VideoSnapshot): number {
  if (phase === 'stored') return 100;
  return phase === 'waiting' || phase === 'submitting'
    ? 0
    : Math.min(99, Math.round(progressPercent));
}

/** Why the video failed; null unless its status is `failed`. */
export function errorOf({ phase, failure }: VideoSnapshot) {
  if (phase === 'cancelled') return { code: 'cancelled', message: 'The video was cancelled' };
  if (phase !== 'failed') return null;
  return {
    code: failure?.kind ?? 'unknown',
    message: failure ? publicMessage(failure) : 'The run has ended',
  };
}

function onetakeFields({ status, outcome }: TenantVideo, nowMs: number): VideoObject['onetake'] {
  const { phase, billed, jobId, deadlineAt, attention, waiting, retrying, cancellation } = status;
  return {
    phase,
    billed,
    ...(outcome && { outcome }),
    ...(jobId !== undefined && { job_id: jobId }),
    ...(deadlineAt !== undefined && { deadline_at: seconds(deadlineAt) }),
    eta: etaOf(status, nowMs),
    ...(attention !== undefined && { attention }),
    warnings: status.warnings ?? [],
    unresolved: phase === 'unresolved' ? unresolvedOf(status) : null,
    failure: status.failure ? failureOf(status.failure) : null,
    ...(waiting && { waiting: waitingOf(placeAt(waiting, nowMs)) }),
    ...(retrying && {
      retrying: { step: retrying.step ?? 'submit', failure: retriedOf(retrying) },
    }),
    ...(cancellation && {
      cancellation: { outcome: cancellation.outcome, billed: cancellation.billed },
    }),
    file: status.video ? fileOf(status.video) : null,
  };
}

/** The lack of a slot has the kind of a rate limit, but the gateway has refused nothing. */
function retriedOf(retrying: RetriedStep) {
  const failure = failureOf(retrying.failure);
  return isWaiting(retrying)
    ? { ...failure, message: 'The video waits for a slot at the gateway' }
    : failure;
}

function waitingOf({ place, of, asOf, expectedStart }: WaitingPlace) {
  return {
    ...(place !== undefined && { place }),
    of,
    as_of: seconds(asOf),
    ...(expectedStart !== undefined && { expected_start: seconds(expectedStart) }),
  };
}

function etaOf(status: VideoSnapshot, nowMs: number) {
  const found = expectation(status, nowMs);
  if (!found) return null;
  const { leftMs, atMostMs, usual } = found;
  const left = atMostMs > 0 ? wholeSeconds(Math.max(0, leftMs)) : null;
  const range = { from: wholeSeconds(usual.fromMs), to: wholeSeconds(usual.toMs) };
  return { seconds_left: left, usual_seconds: range };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

function unresolvedOf({ unresolved }: VideoSnapshot) {
  if (!unresolved) return null;
  const { since, findings, candidates, decided } = unresolved;
  return { since: seconds(since), findings, candidates, ...(decided && { decided }) };
}

/** Without object keys and addresses of the storage, which are the operator's. */
function failureOf(failure: VideoFailure) {
  const { kind, billed, jobId, requestId, gatewayCode } = failure;
  return {
    kind,
    message: publicMessage(failure),
    billed,
    ...(jobId !== undefined && { job_id: jobId }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(gatewayCode !== undefined && { gateway_code: gatewayCode }),
  };
}

function fileOf(file: StoredVideo) {
  return {
    size_bytes: file.sizeBytes,
    sha256: file.sha256,
    content_type: file.contentType,
    duration_seconds: file.durationSeconds,
    width: file.width,
    height: file.height,
    has_audio: file.hasAudio,
    warnings: file.warnings,
  };
}

/** Seconds since the epoch, from ISO 8601. */
export function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1_000);
}
