/** Values of `error.code` that are not kinds of failures or client errors. */
export type ApiErrorCode = string;

/** Options of {@link ApiError}. */
export interface ApiErrorOptions extends ErrorOptions {
  /** Path of the field that is wrong, e.g. `metadata.seed`. */
  param?: string;
  /** Tells OpenAI's clients not to repeat the request (`x-should-retry: false`). */
  isFinal?: boolean;
  /** Seconds after which a repeated request may succeed (`Retry-After`). */
  retryAfterSeconds?: number;
  /** Fields of the response object `onetake`, e.g. the failure of the video. */
  details?: Record<string, unknown>;
}

/** An error that a caller of the HTTP API gets as its response. Nothing was submitted unless `details` say so. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly options: ApiErrorOptions;

  constructor(
    status: number,
    code: ApiErrorCode,
    { message, ...options }: ApiErrorOptions & { message: string },
  ) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.options = options;
  }
}
