import type { GatewayPrices } from '../contract/price/gateway-prices.ts';
import type { JobFailure, JobRef, JobState } from '../contract/video-job.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import type { ProxySettings } from '../egress/proxy-for.ts';

/** The provider as the rest of the project sees it. One exchange per call, no retries; all faults are GatewayErrors. */
export interface Gateway {
  /** Scheme, host and port of the base URL. */
  readonly origin: string;
  /**
   * Sends the paid request: exactly one POST, never a second one.
   *
   * @throws {GatewayError} With `submitOutcome`: `refused`, `not_accepted` (surely nothing was created) or `unknown`.
   */
  submit(request: VideoRequest, options: ExchangeOptions): Promise<AcceptedJob>;
  /**
   * Asks once for the state of a job, on the route of its format. A failed job is a status, not an error.
   *
   * @throws {GatewayError} With `pause` when the key is not let in: the job is not lost.
   */
  status(job: JobRef, options: ExchangeOptions): Promise<JobStatus>;
  /**
   * Opens the bytes of a result, following at most five redirects by hand.
   *
   * @throws {GatewayError} `result_missing` (ask for the status again), `result_expired`, `blocked_url`, `not_video`,
   *   `truncated` for a 416, `rate_limited`, `gateway_unavailable`.
   */
  openResult(target: ResultTarget, options: OpenResultOptions): Promise<ResultStream>;
  /**
   * Lists the model ids that the key may use: a free check of base URL and key.
   *
   * @throws {GatewayError} `auth`, `quota`, `rate_limited`, `gateway_unavailable`.
   */
  listModels(options: ExchangeOptions): Promise<string[]>;
  /** True where an access token is configured. */
  readonly canSearch: boolean;
  /**
   * Searches the gateway's own task log for jobs submitted in a window, all of them or none: a log that cannot be read
   * to its end is an error. Needs the personal access token. Jobs a second outside of the window may be among them.
   *
   * @throws {GatewayError} `auth` ("no access", never "no such job"), `rate_limited`, `gateway_unavailable`.
   */
  findOwnJobs(query: SubmitWindow, options: ExchangeOptions): Promise<OwnJob[]>;
  /**
   * Reads the newest rows of the API key's own request log; free.
   *
   * @throws {GatewayError} `auth`, `quota`, `rate_limited` (by default 20 calls in 20 min, `readBalance` among them),
   *   `gateway_unavailable`.
   */
  readKeyLog(options: ExchangeOptions): Promise<RequestLogRow[]>;
  /**
   * Reads the rows of one request in the account's request log. Needs the personal access token. A gateway that does
   * not know the filter gives rows of other requests, too.
   *
   * @throws {GatewayError} As `findOwnJobs`.
   */
  findRequest(requestId: string, options: ExchangeOptions): Promise<RequestLogRow[]>;
  /**
   * Reads what the API key has left, in the gateway's own quota units; free.
   *
   * @throws {GatewayError} `auth`, `quota`, `rate_limited` (some deployments allow 20 in 20 min), `gateway_unavailable`.
   */
  readBalance(options: ExchangeOptions): Promise<KeyBalance>;
  /**
   * Reads the price list; free. Most operators show it to the personal access token only.
   *
   * @throws {GatewayError} `auth`, `rate_limited`, `gateway_unavailable`.
   */
  pricing(options: ExchangeOptions): Promise<GatewayPrices>;
  /**
   * Uploads a file for a request and returns the address that vendors can read for about 30 days; free. May be repeated.
   * Two exchanges, each within `timeoutMs`.
   *
   * @throws {GatewayError} `invalid_request` (size, type, or a gateway without uploads), `auth`, `quota`,
   *   `rate_limited`, `blocked_url`, `gateway_unavailable`; never billed.
   */
  uploadMedia(media: InputMedia, options: ExchangeOptions): Promise<string>;
}

/** A picture, video or sound of a request. */
export interface InputMedia {
  bytes: Uint8Array;
  /** Media type, e.g. `image/png`. */
  type: string;
}

export interface GatewayOptions {
  /** With or without `/v1` at its end. */
  baseUrl: string;
  apiKey: string;
  /** Origins of the operator's own where results may lie on plain http or private addresses. */
  trustedOrigins?: string[];
  /** Personal access token of the dashboard, as secret as the key; without it `findOwnJobs` has no access. */
  accessToken?: string;
  /** The account's number, for the header `New-Api-User`: some deployments want it beside the token. */
  userId?: string;
  /** Which proxy requests take; none where absent. */
  proxies?: ProxySettings;
  /** `refuse`: never an address of a fake-IP resolver, not even where the gateway's own name resolves to one. */
  fakeIps?: 'auto' | 'refuse';
}

export interface ExchangeOptions {
  /** For the whole exchange, connection and body included. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface AcceptedJob {
  jobId: string;
  requestId?: string;
  rawStatus?: string;
  /** Multipliers of the price, from `X-New-Api-Other-Ratios`. */
  chargedRatios?: Record<string, number>;
}

export interface JobStatus {
  state: JobState;
  /** The status word as sent. */
  rawStatus?: string;
  /** The same, where it is not in our table: the job counts as running. */
  unknownWord?: string;
  /** The body carried no status of its own: neither news nor verdict, so ask the other route. */
  noNews: boolean;
  /** 0–100. */
  progressPercent?: number;
  /** In state succeeded: best first, absolute, maybe `data:`; the last is the gateway's own `/content` address. */
  resultUrls: string[];
  failure?: JobFailure;
  /** The API key was refused, and the account's task log has answered instead. */
  refusedKey?: 'auth' | 'quota';
  /** Failed without any reason: the other route may have one. */
  reasonMissing: boolean;
  /** Milliseconds since the epoch, as the next two. */
  expiresAt?: number;
  createdAt?: number;
  completedAt?: number;
  usageSeconds?: number;
  /** What the gateway has charged for the job, in its quota units: 0 once it gave the money back. */
  quota?: number;
  requestId?: string;
}

/** Milliseconds since the epoch, both ends included. The gateway stamps whole seconds. */
export interface SubmitWindow {
  fromMs: number;
  toMs: number;
}

/** A row of the gateway's own task log. */
export interface OwnJob {
  jobId: string;
  /** Milliseconds since the epoch, of a stamp in whole seconds. */
  submittedAt: number;
  /** The model as it was asked for. */
  model?: string;
  /** Absent where the gateway keeps none: the recorded fork leaves it empty. */
  prompt?: string;
}

/** A row of the gateway's request log, in which one request may have several. */
export interface RequestLogRow {
  type: 'charge' | 'error' | 'refund';
  /** In quota units; 0 for an error. */
  quota: number;
  /** As in `X-Oneapi-Request-Id`; absent for what happens to a job later, and in older builds for every row. */
  requestId?: string;
  /** The job that was charged or refunded, where the row names it. */
  jobId?: string;
  /** What the job costs in the end: the row books a difference only. */
  settledQuota?: number;
  /** Milliseconds since the epoch. */
  createdAt?: number;
}

/** In quota units of the gateway; `quota_per_unit` of them are one unit of money. */
export interface KeyBalance {
  /** null for a key without a limit: such a balance says nothing. */
  available: number | null;
  used: number;
}

export interface ResultTarget {
  url: string;
}

export interface OpenResultOptions {
  signal?: AbortSignal;
  /** Until the head of each answer, redirects counted one by one. */
  headersTimeoutMs: number;
  /** The longest silence inside the body. */
  idleTimeoutMs: number;
  /** Ask for the bytes from here on. What comes may still be all of them: see `status`. */
  rangeStart?: number;
  /** Strong ETag or date; else a changed file would be glued to the old part. */
  ifRange?: string;
}

export interface ResultStream {
  /** 200 means the whole file, also where a range was asked for. */
  status: 200 | 206;
  /** With backpressure; throws GatewayError `truncated` or `gateway_unavailable`. */
  body: AsyncIterable<Uint8Array>;
  contentType?: string;
  /** Absent for an encoded body. */
  contentLength?: number;
  /** Size of the whole file, where the head tells it. */
  totalBytes?: number;
  /** With 206: the first byte that comes, as the server says; it may not be the one that was asked for. */
  rangeStart?: number;
  etag?: string;
  lastModified?: string;
  acceptsRanges: boolean;
  /** A SHA-256 in hex found in the last part of the path: perhaps the file's. */
  finalUrlPathHash?: string;
  /** Ends the transfer; harmless after its end. */
  close: () => void;
}
