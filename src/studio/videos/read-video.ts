import type { DescribedVideo } from '../../client/describe-video.ts';
import type { VideoSnapshot } from '../../client/video-client.ts';
import { readRequestMemo, requestMemo, type RequestMemo } from '../../contract/request-memo.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import type { VideoSidecar } from '../../contract/video-sidecar.ts';
import { videoKey } from '../../identity/object-key.ts';
import { otherTakes } from '../../runs/other-takes.ts';
import { requestOfRun } from '../../runs/run-digest.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { findByWorkflowId } from '../../serve/videos/find-video.ts';
import type { SubmitClaim } from '../../storage/claims/claim.ts';
import { createSubmitClaims } from '../../storage/claims/submit-claims.ts';
import { readSidecarOf } from '../../storage/records/stored-videos.ts';
import type { StudioPorts } from '../ports.ts';

/** All that is known of a video, from its run and from the storage. */
export interface StudioVideo {
  videoId: string;
  status: VideoSnapshot;
  memo: RequestMemo;
  run?: DescribedVideo;
  /** As it was started; absent for a job that was adopted without its request. */
  request?: VideoRequest;
  sidecar: VideoSidecar | null;
  /** Of its first submit. */
  claim: SubmitClaim | null;
  /** Seconds since the epoch. */
  completedAt: number | null;
  /** False if the file was removed from the storage. */
  hasFile: boolean;
  /** Ids of the other takes of the same request. */
  takes: string[];
}

/** Reads the videos that pages show. */
export type ReadStudioVideo = (videoId: string) => Promise<StudioVideo>;

/** Number of requests that are kept. They are in histories, where they do not change. */
const keptRequests = 200;

/** Creates the reader. */
export function createVideoReader(ports: StudioPorts): ReadStudioVideo {
  const { storage } = ports;
  const claims = createSubmitClaims({ storage });
  const requestOf = createRequestReader(ports);
  return async (videoId) => {
    const found = await findByWorkflowId(ports, videoId);
    if (!found) throw notFound(videoId);
    const { video, run } = found;
    const { status, completedAt } = video;
    const [sidecar, claim, file, takes] = await Promise.all([
      status.phase === 'stored' ? readSidecarOf(storage, videoKey(videoId)) : null,
      // A claim that cannot be read hides only what it would show.
      claims.read(videoId).catch(() => null),
      status.video ? (ports.contents ?? storage).head(status.video.key) : null,
      otherTakes(ports.temporal, videoId),
    ]);
    const request = sidecar?.request ?? (run && (await requestOf(run)));
    const memo = readRequestMemo(run?.memo);
    return {
      videoId,
      status,
      memo: request ? { ...requestMemo(request.body), tags: memo.tags } : memo,
      sidecar,
      claim,
      completedAt,
      hasFile: file !== null,
      takes,
      ...(run && { run }),
      ...(request && { request }),
    };
  };
}

function createRequestReader({ temporal }: StudioPorts) {
  const kept = new Map<string, VideoRequest>();
  return async (run: DescribedVideo): Promise<VideoRequest | undefined> => {
    const request = kept.get(run.runId) ?? (await requestOfRun(temporal, run));
    if (!request) return undefined;
    kept.set(run.runId, request);
    const [oldest] = kept.keys();
    if (kept.size > keptRequests && oldest !== undefined) kept.delete(oldest);
    return request;
  };
}

/** @returns The error of an id without a video. */
export function notFound(videoId: string): ApiError {
  const message = `There is no video "${videoId.slice(0, 200)}"`;
  return new ApiError(404, 'not_found', { message, param: 'id' });
}
