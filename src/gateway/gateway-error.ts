import { type Billed, type FailureKind, failures } from '../contract/failure.ts';

/** What became of a submit that brought no job id: permanent; surely nothing created; or nobody knows. */
export type SubmitOutcome = 'refused' | 'not_accepted' | 'unknown';

export interface GatewayErrorDetails {
  /** Default: what contract/failure.ts says for the kind. */
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

/** The one error of this room: a closed kind to decide on, and the gateway's own words to show. It holds no secret. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: FailureKind;
  readonly billed: Billed;
  /** Set by `submit` only. */
  declare readonly submitOutcome?: SubmitOutcome;
  declare readonly httpStatus?: number;
  /** The gateway's own code, as sent; a number as text. */
  declare readonly gatewayCode?: string;
  /** The gateway's own words in any language, without request id, at most 500 characters. */
  declare readonly gatewayMessage?: string;
  declare readonly requestId?: string;
  /** What `Retry-After` asked for. */
  declare readonly retryAfterMs?: number;
  /** While polling: the key is not let in now (401, 402, 403); wait and say so, the job is not lost. */
  declare readonly pause?: boolean;
  /** The gateway itself answered, with an error: not a proxy in between, while the gateway may have gone on. */
  declare readonly answered?: true;
  /** The text that came in place of a video, at most 64 KiB. */
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
