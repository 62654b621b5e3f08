import { type Billed, type FailureKind, failures } from '../contract/failure.ts';

/** Outcome of a submit without a job id: rejected permanently; provably no job created; or unknown. */
export type SubmitOutcome = 'refused' | 'not_accepted' | 'unknown';

export interface GatewayErrorDetails {
  /** Defaults to the value of the kind in contract/failure.ts. */
  billed?: Billed | undefined;
  submitOutcome?: SubmitOutcome | undefined;
  httpStatus?: number | undefined;
  gatewayCode?: string | undefined;
  gatewayMessage?: string | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
  pause?: boolean | undefined;
  answered?: true | undefined;
  evidence?: string | undefined;
  cause?: unknown;
}

/** The only error of this folder: a closed kind for decisions, the gateway's message for display. It has no secrets. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: FailureKind;
  readonly billed: Billed;
  /** Set by `submit` only. */
  declare readonly submitOutcome?: SubmitOutcome;
  declare readonly httpStatus?: number;
  /** The gateway's own code, as sent. A number as text. */
  declare readonly gatewayCode?: string;
  /** The gateway's own message in any language, without request id, at most 500 characters. */
  declare readonly gatewayMessage?: string;
  declare readonly requestId?: string;
  /** From the `Retry-After` header. */
  declare readonly retryAfterMs?: number;
  /** While polling: the API key is rejected (401, 402, 403). The job is not lost: keep waiting and report it. */
  declare readonly pause?: boolean;
  /** The gateway itself sent the error. With a proxy's error, the gateway may still process the request. */
  declare readonly answered?: true;
  /** The text that was sent instead of a video, at most 64 KiB. */
  declare readonly evidence?: string;

  constructor(kind: FailureKind, message: string, details: GatewayErrorDetails = {}) {
    const { cause, billed, ...rest } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.billed = billed ?? failures[kind].billed;
    const known = Object.entries(rest).filter(([, value]) => value !== undefined);
    Object.assign(this, Object.fromEntries(known));
  }
}
