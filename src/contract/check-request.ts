import { type Evaluation, evaluateRequest } from './models/evaluate-request.ts';
import type { RequestWarning, VideoRequest } from './video-request.ts';

/** What is known about a request before it is paid for. */
export interface RequestFindings {
  /** The gateway surely refuses these: the POST is not worth sending. */
  refusals: RequestWarning[];
  /** The gateway takes these and changes or drops something, or may refuse. */
  warnings: Evaluation['warnings'];
}

/** What {@link evaluateRequest} says for the rules of gateways before the plugins. */
export function checkRequest(request: VideoRequest): RequestFindings {
  const { refusals, warnings } = evaluateRequest(request, { host: 'classic' });
  return { refusals, warnings };
}
