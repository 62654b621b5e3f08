/** Billing status: nothing was charged, something was charged, or unknown so far. */
export type Billed = 'no' | 'yes' | 'maybe';

interface FailureTraits {
  /** True if onetake retries automatically, without spending twice. */
  readonly retryable: boolean;
  /** Billing status of a run that ends with this kind. A single failure may have a more precise one. */
  readonly billed: Billed;
  readonly meaning: string;
  readonly whatToDo: string;
}

/**
 * All failure kinds. Every failure that a caller, the CLI or a history shows has one of them. docs/errors.md is generated
 * from this table.
 */
export const failures = {
  invalid_request: {
    retryable: false,
    billed: 'no',
    meaning: 'The request is invalid: onetake refused it before the POST, or the gateway did.',
    whatToDo: 'Correct the request as the message says, then start it again.',
  },
  moderation: {
    retryable: false,
    billed: 'no',
    meaning: 'Moderation refused the content before a job was created.',
    whatToDo: 'Change the prompt or the image, then start it again.',
  },
  auth: {
    retryable: false,
    billed: 'no',
    meaning: 'The gateway rejects the API key. A key without quota may get the same answer.',
    whatToDo: 'Check GATEWAY_API_KEY with `onetake doctor`, then start it again.',
  },
  quota: {
    retryable: false,
    billed: 'no',
    meaning: 'The quota of the account or the key is too small for this video.',
    whatToDo:
      'Top up the account or raise the limit of the key. Re-enable the key if the gateway has disabled it, then start it again.',
  },
  rate_limited: {
    retryable: true,
    billed: 'no',
    meaning: 'The gateway kept refusing the job because of a rate limit.',
    whatToDo: 'Start it again later, or run fewer videos at once.',
  },
  no_channel: {
    retryable: true,
    billed: 'no',
    meaning: 'The gateway has no working vendor for this model at the moment.',
    whatToDo:
      'Start it again later. If `onetake doctor` says that models are not checked, check the spelling of the model.',
  },
  gateway_unavailable: {
    retryable: true,
    billed: 'no',
    meaning: 'The gateway is unreachable, or its answer is unusable.',
    whatToDo: 'Check GATEWAY_BASE_URL and the network with `onetake doctor`.',
  },
  worker_lost: {
    retryable: true,
    billed: 'no',
    meaning: 'Workers repeatedly exited before they sent the request. Nothing was sent.',
    whatToDo: 'Find out why the workers exit (memory, deploys), then start it again.',
  },
  submit_unknown: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The paid request was sent, but its answer was lost or inconclusive. A job may exist and be charged.',
    whatToDo:
      'Look for the job in the gateway console, then run `onetake resolve <id>` with --adopt <job id>, --resubmit or --abandon.',
  },
  abandoned: {
    retryable: false,
    billed: 'maybe',
    meaning: 'A person gave up on a submit whose outcome is unknown.',
    whatToDo: 'If the job is found later, `onetake adopt <job id>` delivers it.',
  },
  cap_exceeded: {
    retryable: false,
    billed: 'no',
    meaning: 'This video would exceed a spending cap. Nothing was sent.',
    whatToDo:
      'Raise the cap with `onetake limits set`, or start it again later: daily caps reset at 0:00 UTC.',
  },
  key_conflict: {
    retryable: false,
    billed: 'no',
    meaning:
      'The key belongs to a different request, already has a video although a new one was requested, or has a stored video without a readable description. Nothing was sent.',
    whatToDo: 'Use another key, or another take of this key. The message names the reason.',
  },
  job_taken: {
    retryable: false,
    billed: 'no',
    meaning: 'The job belongs to another video and is not delivered twice.',
    whatToDo:
      'Watch the video that the message names; `onetake adopt <job id> --for <its id>` delivers it again.',
  },
  task_not_found: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The gateway accepted the job but answers "no such task", even after its own time limit of 24 h.',
    whatToDo:
      'Check that the workers have an API key of the account that paid. Report the job id to the gateway. `onetake adopt <job id>` checks again.',
  },
  task_failed: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The gateway reports that the job failed. "billed: no" if its record shows the refund; otherwise a refund usually follows.',
    whatToDo:
      'If billed is maybe, check the refund in the gateway console. `onetake adopt <job id>` checks the job again; a new take pays again.',
  },
  task_timeout: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The gateway gave up on the job after its own time limit. Refunds are as for `task_failed`.',
    whatToDo: 'If billed is maybe, check the refund in the gateway console. A new take pays again.',
  },
  deadline: {
    retryable: false,
    billed: 'maybe',
    meaning: 'The gateway gave no verdict, even after its own time limit.',
    whatToDo: 'Ask the gateway about the job. `onetake adopt <job id>` checks it again.',
  },
  result_missing: {
    retryable: true,
    billed: 'yes',
    meaning: 'The job succeeded, but no URL of its video works.',
    whatToDo:
      '`onetake adopt <job id>` tries again. If that fails, report the job id to the gateway.',
  },
  result_expired: {
    retryable: false,
    billed: 'yes',
    meaning: 'The job succeeded, but the gateway no longer has its video.',
    whatToDo: 'Report the job id to the gateway. A new take pays again.',
  },
  truncated: {
    retryable: true,
    billed: 'yes',
    meaning: 'The downloaded file is incomplete.',
    whatToDo:
      '`onetake adopt <job id>` tries again. The downloaded file is kept: `onetake download --force` copies it. If nothing helps, report the job id to the gateway.',
  },
  not_video: {
    retryable: true,
    billed: 'yes',
    meaning: 'The downloaded file cannot be read as a video.',
    whatToDo:
      '`onetake adopt <job id>` tries again. The downloaded file is kept: `onetake download --force` copies it. If nothing helps, report the job id to the gateway.',
  },
  too_large: {
    retryable: false,
    billed: 'yes',
    meaning: 'The video is larger than the limit.',
    whatToDo: 'Raise DOWNLOAD_MAX_BYTES, then run `onetake adopt <job id>`.',
  },
  blocked_url: {
    retryable: false,
    billed: 'yes',
    meaning: 'The result URL is blocked (private network, unsupported scheme).',
    whatToDo:
      'If the address is yours, add its origin to GATEWAY_TRUSTED_ORIGINS, then run `onetake adopt <job id>`.',
  },
  storage_unavailable: {
    retryable: true,
    billed: 'no',
    meaning:
      'The storage cannot be read or written. A pending submit was not sent; a paid video is not stored yet.',
    whatToDo: 'Check STORAGE_URL and its free space with `onetake doctor`.',
  },
  storage_full: {
    retryable: true,
    billed: 'no',
    meaning: 'The disk of the storage has no room for the video. Nothing was sent.',
    whatToDo:
      'Free disk space, for example with `onetake storage prune`; `onetake storage` shows the usage. Then start it again.',
  },
} as const satisfies Record<string, FailureTraits>;

/** A failure kind; also the `type` of the ApplicationFailure that carries it. */
export type FailureKind = keyof typeof failures;

/** A failure as callers see it, and as `details[0]` of the ApplicationFailure that ends a run. */
export interface VideoFailure {
  kind: FailureKind;
  message: string;
  billed: Billed;
  /** The gateway's job id, once one is known. */
  jobId?: string;
  /** The gateway's request id (`X-Oneapi-Request-Id`), for its support. */
  requestId?: string;
  httpStatus?: number;
  /** The gateway's error code, unchanged. */
  gatewayCode?: string;
  /** The gateway's message in any language, shortened and without secrets. */
  gatewayMessage?: string;
  /** The job failed because the vendor's moderation rejected the finished video. */
  about?: 'moderation';
  /** The file that came in place of a complete video. It was paid for, so it is kept. */
  kept?: KeptFile;
}

/** A stored file that is not a delivered video: it failed the checks, or is a text that was sent instead. */
export interface KeptFile {
  /** Object key, e.g. `quarantine/demo-c251424a88d450f7/task-1-1f0e….mp4`. */
  key: string;
  uri: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Whether a value, e.g. the `type` of an ApplicationFailure, is a failure kind. */
export function isFailureKind(word: unknown): word is FailureKind {
  return typeof word === 'string' && Object.hasOwn(failures, word);
}
