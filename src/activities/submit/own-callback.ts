import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { hostCallsBack } from '../../contract/models/host-callback.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

/** Nothing holds back the repeat without the callback. */
const repeatAfterMs = 1_000;

/** The callback that onetake requests for itself, so that the gateway reports the end of a job at once. */
export interface OwnCallback {
  /**
   * Adds the callback to the body of the POST, if the gateway supports it for this model. Not beside a callback of the
   * caller in `metadata`: a refusal of that one must not count as a refusal of ours.
   */
  addTo(request: VideoRequest): VideoRequest;
  /**
   * The error of a POST. If the gateway has refused it because of our callback, it was not accepted and cost nothing: it
   * is sent again without one.
   */
  explain(sent: VideoRequest, error: unknown): unknown;
}

/**
 * The request, its digest and its claim do not contain the callback: it belongs to the worker that sends the POST.
 *
 * @param url Public address of the receiver. Without it nothing is added.
 */
export function createOwnCallback({
  url,
  host,
}: {
  url: string | undefined;
  host?: HostGeneration;
}): OwnCallback {
  /** Models for which the gateway has refused the callback, until this process ends. */
  const refusing = new Set<string>();
  return {
    addTo: (request) => {
      const { model } = request.body;
      if (url === undefined || refusing.has(model) || !hostCallsBack(model, host)) return request;
      if (hasOwnCallback(request)) return request;
      return { ...request, body: { ...request.body, callback_url: url } };
    },
    explain: ({ body }, error) => {
      if (url === undefined || body['callback_url'] !== url || !refusesCallback(error))
        return error;
      refusing.add(body.model);
      const { kind, httpStatus, gatewayCode, gatewayMessage, requestId } = error;
      const message = `${error.message}; nothing was charged, and the request is sent again without our callback`;
      return new GatewayError(kind, message, {
        billed: 'no',
        submitOutcome: 'not_accepted',
        retryAfterMs: repeatAfterMs,
        httpStatus,
        gatewayCode,
        gatewayMessage,
        requestId,
        cause: error,
      });
    },
  };
}

function hasOwnCallback({ body: { metadata } }: VideoRequest): boolean {
  return typeof metadata === 'object' && metadata !== null && 'callback_url' in metadata;
}

/** Only a refusal: after any other answer, the POST may have been accepted. */
function refusesCallback(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError) || error.submitOutcome !== 'refused') return false;
  const { gatewayCode, gatewayMessage = '' } = error;
  return gatewayCode === 'invalid_callback_url' || /callback_?url/i.test(gatewayMessage);
}
