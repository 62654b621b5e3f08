import { evaluateRequest, type HostGeneration } from './models/evaluate-request.ts';
import type { VideoRequest } from './video-request.ts';

/** What the duration of a job depends on, beside its model. A field is absent if it is not known before the job. */
export interface JobTiming {
  /** Requested length of the video. */
  seconds?: number;
  /** E.g. `720p`. */
  resolution?: string;
}

/** A job with a duration that is recorded, or looked for. */
export interface TimedJob extends JobTiming {
  model: string;
}

/** What a request says about the duration of its job. */
export function timingOf(request: VideoRequest, host?: HostGeneration): JobTiming {
  const { makes } = evaluateRequest(request, { sendAnyway: true, host });
  const { seconds, resolution } = makes;
  const isKnown = resolution !== null && resolution !== 'auto' && resolution !== 'depends';
  return {
    ...(typeof seconds === 'number' && { seconds }),
    ...(isKnown && { resolution }),
  };
}
