import type { GatewayPrices } from '../contract/price/gateway-prices.ts';
import type { JobFailure, JobRef, JobState } from '../contract/video-job.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import type { ProxySettings } from '../egress/proxy-for.ts';

/** The gateway client. One exchange per call, no retries. All failures are GatewayErrors. */
export interface Gateway {
  /** Scheme, host and port of the base URL. */
  readonly origin: string;
  /**
   * Sends the paid request with exactly one POST, without retries.
   *
   * @throws {GatewayError} With `submitOutcome`: `refused`, `not_accepted` (provably no job was created) or `unknown`.
   */
  submit(request: VideoRequest, options: ExchangeOptions): Promise<AcceptedJob>;
  /**
   * Polls a job once, on the route of its format. A failed job is a status, not an error.
   *
   * @throws {GatewayError} With `pause` if the API key is rejected: the job is not lost.
   */
  status(job: JobRef, options: ExchangeOptions): Promise<JobStatus>;
  /**
   * Opens the bytes of a result. Follows at most five redirects and validates each.
   *
   * @throws {GatewayError} `result_missing` (poll the status again), `result_expired`, `blocked_url`, `not_video`,
   *   `truncated` for a 416, `rate_limited`, `gateway_unavailable`.
   */
  openResult(target: ResultTarget, options: OpenResultOptions): Promise<ResultStream>;
  /**
   * Lists the model ids that the API key may use. Also a free check of the base URL and the key.
   *
   * @throws {GatewayError} `auth`, `quota`, `rate_limited`, `gateway_unavailable`.
   */
  listModels(options: ExchangeOptions): Promise<string[]>;
  /** True if an access token is configured. */
  readonly canSearch: boolean;
  /**
   * Searches the gateway's task log for all jobs submitted in a window. Rejects if the log cannot be read completely.
   * Needs the personal access token. May include jobs up to a second outside of the window.
   *
   * @throws {GatewayError} `auth` ("no access", never "no such job"), `rate_limited`, `gateway_unavailable`.
   */
  findOwnJobs(query: SubmitWindow, options: ExchangeOptions): Promise<OwnJob[]>;
  /**
   * Reads the newest rows of the API key's request log. Free of charge.
   *
   * @throws {GatewayError} `auth`, `quota`, `rate_limited` (by default 20 calls in 20 min, shared with `readBalance`),
   *   `gateway_unavailable`.
   */
  readKeyLog(options: ExchangeOptions): Promise<RequestLogRow[]>;
  /**
   * Reads the rows of one request in the account's request log. Needs the personal access token. A gateway that ignores
   * the filter also returns rows of other requests.
   *
   * @throws {GatewayError} As `findOwnJobs`.
   */
  findRequest(requestId: string, options: ExchangeOptions): Promise<RequestLogRow[]>;
  /**
   * Reads the remaining balance of the API key, in the gateway's quota units. Free of charge.
   *
   * @throws {GatewayError} `auth`, `quota`, `rate_limited` (some deployments allow 20 in 20 min), `gateway_unavailable`.
   */
  readBalance(options: ExchangeOptions): Promise<KeyBalance>;
  /**
   * Reads the price list. Free of charge. Most operators require the personal access token for it.
   *
   * @throws {GatewayError} `auth`, `rate_limited`, `gateway_unavailable`.
   */
  pricing(options: ExchangeOptions): Promise<GatewayPrices>;
  /**
   * Uploads a file for a request and returns a URL that vendors can read for about 30 days. Free of charge and safe to
   * retry. Two exchanges, each within `timeoutMs`.
   *
   * @throws {GatewayError} `invalid_request` (size, type, or a gateway without uploads), `auth`, `quota`,
   *   `rate_limited`, `blocked_url`, `gateway_unavailable`; never billed.
   */
  uploadMedia(media: InputMedia, options: ExchangeOptions): Promise<string>;
}

/** An image, video or audio file of a request. */
export interface InputMedia {
  bytes: Uint8Array;
  /** Media type, e.g. `image/png`. */
  type: string;
}

export interface GatewayOptions {
  /** With or without a trailing `/v1`. */
  baseUrl: string;
  apiKey: string;
  /** The operator's own origins, where results may use plain http or private addresses. */
  trustedOrigins?: string[];
  /** Personal access token of the dashboard, as secret as the API key. Required by `findOwnJobs`. */
  accessToken?: string;
  /** The account's number for the header `New-Api-User`, which some deployments require with the token. */
  userId?: string;
  /** Proxies for requests. Defaults to none. */
  proxies?: ProxySettings;
  /** `refuse`: block all fake-IP addresses, even if the gateway's own host name resolves to one. */
  fakeIps?: 'auto' | 'refuse';
}

export interface ExchangeOptions {
  /** For the whole exchange, including connection and body. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface AcceptedJob {
  jobId: string;
  requestId?: string;
  rawStatus?: string;
  /** Price multipliers from `X-New-Api-Other-Ratios`. */
  chargedRatios?: Record<string, number>;
}

export interface JobStatus {
  state: JobState;
  /** The status word as sent. */
  rawStatus?: string;
  /** The status word if it is unknown. The job then counts as running. */
  unknownWord?: string;
  /** The body had no status of its own. It changes nothing; try the other route. */
  noNews: boolean;
  /** 0–100. */
  progressPercent?: number;
  /** For a succeeded job: absolute URLs, best first, possibly `data:`. The last is the gateway's `/content` URL. */
  resultUrls: string[];
  failure?: JobFailure;
  /** The API key was rejected, and the status is from the account's task log. */
  refusedKey?: 'auth' | 'quota';
  /** The job failed without a reason. The other route may have one. */
  reasonMissing: boolean;
  /** Milliseconds since the epoch, like the next two. */
  expiresAt?: number;
  createdAt?: number;
  completedAt?: number;
  usageSeconds?: number;
  /** What the gateway charged for the job, in its quota units. 0 after a refund. */
  quota?: number;
  requestId?: string;
}

/** Milliseconds since the epoch, inclusive. The gateway's timestamps are whole seconds. */
export interface SubmitWindow {
  fromMs: number;
  toMs: number;
}

/** A row of the gateway's task log. */
export interface OwnJob {
  jobId: string;
  /** Milliseconds since the epoch, with a precision of one second. */
  submittedAt: number;
  /** The requested model. */
  model?: string;
  /** Absent if the gateway does not store prompts, as in the recorded fork. */
  prompt?: string;
}

/** A row of the gateway's request log. One request may have several rows. */
export interface RequestLogRow {
  type: 'charge' | 'error' | 'refund';
  /** In quota units. 0 for an error. */
  quota: number;
  /** As in `X-Oneapi-Request-Id`. Absent for later events of a job, and in older versions for all rows. */
  requestId?: string;
  /** The job that was charged or refunded, if the row names it. */
  jobId?: string;
  /** The final cost of the job. The row's own `quota` is only the difference. */
  settledQuota?: number;
  /** Milliseconds since the epoch. */
  createdAt?: number;
}

/** In quota units of the gateway. `quota_per_unit` quota units are one unit of currency. */
export interface KeyBalance {
  /** Null for a key without a limit, which has no meaningful balance. */
  available: number | null;
  used: number;
}

export interface ResultTarget {
  url: string;
}

export interface OpenResultOptions {
  signal?: AbortSignal;
  /** Timeout until the response headers, per redirect. */
  headersTimeoutMs: number;
  /** The longest time without data in the body. */
  idleTimeoutMs: number;
  /** Request the bytes from this offset. The server may still send the whole file: see `status`. */
  rangeStart?: number;
  /** Strong ETag or date, so that a changed file is not appended to the old part. */
  ifRange?: string;
}

export interface ResultStream {
  /** 200 means the whole file, even if a range was requested. */
  status: 200 | 206;
  /**
   * With backpressure. A chunk is valid until the next one is requested. Throws GatewayError `truncated` or
   * `gateway_unavailable`.
   */
  body: AsyncIterable<Uint8Array>;
  contentType?: string;
  /** Absent for an encoded body. */
  contentLength?: number;
  /** Size of the whole file, if the headers include it. */
  totalBytes?: number;
  /** With 206: the offset of the first byte according to the server, which may differ from the requested one. */
  rangeStart?: number;
  etag?: string;
  lastModified?: string;
  acceptsRanges: boolean;
  /** A SHA-256 in hex from the last path segment; possibly that of the file. */
  finalUrlPathHash?: string;
  /** Ends the transfer. No effect after its end. */
  close: () => void;
}
