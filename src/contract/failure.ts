/** What we know about money: nothing was charged, something was charged, or nobody can say yet. */
export type Billed = 'no' | 'yes' | 'maybe';

interface FailureTraits {
  /** True where the machine asks again by itself, without spending twice. */
  readonly retryable: boolean;
  /** What this failure says about money when it ends a run; a single failure may know better. */
  readonly billed: Billed;
  readonly meaning: string;
  readonly whatToDo: string;
}

/**
 * The one error vocabulary: every failure that a caller, the CLI or a history shows carries one of these kinds.
 * docs/errors.md is generated from this table.
 */
export const failures = {
  invalid_request: {
    retryable: false,
    billed: 'no',
    meaning: 'The request is refused, by us before the POST or by the gateway.',
    whatToDo: 'Correct the request as the message says and start it again.',
  },
  moderation: {
    retryable: false,
    billed: 'no',
    meaning: 'The content was refused before a job was made.',
    whatToDo: 'Change the prompt or the image and start it again.',
  },
  auth: {
    retryable: false,
    billed: 'no',
    meaning: 'The gateway does not accept the API key; a used-up key may look the same.',
    whatToDo: 'Check GATEWAY_API_KEY with `onetake doctor`, then start it again.',
  },
  quota: {
    retryable: false,
    billed: 'no',
    meaning: 'The account or the key has not enough quota for this video.',
    whatToDo:
      'Top up the account or raise the limit of the key, and re-enable the key where the gateway has switched it off; then start it again.',
  },
  rate_limited: {
    retryable: true,
    billed: 'no',
    meaning: 'The gateway accepted no job because of a limit, and went on saying so.',
    whatToDo: 'Start it again later, or with fewer videos at once.',
  },
  no_channel: {
    retryable: true,
    billed: 'no',
    meaning: 'The gateway has no working vendor for this model now.',
    whatToDo:
      'Start it again later. Where `onetake doctor` says that models are not checked, check the spelling of the model.',
  },
  gateway_unavailable: {
    retryable: true,
    billed: 'no',
    meaning: 'The gateway could not be reached, or answered nothing usable.',
    whatToDo: 'Check GATEWAY_BASE_URL and the network with `onetake doctor`.',
  },
  worker_lost: {
    retryable: true,
    billed: 'no',
    meaning: 'Workers ended again and again before they had sent the request; nothing was sent.',
    whatToDo: 'Look at why the workers end (memory, deploys), then start it again.',
  },
  submit_unknown: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The paid request was sent, and its answer was lost or leaves open what became of it: a job may exist and be charged.',
    whatToDo:
      'Look for the job in the gateway console, then `onetake resolve <id>` with --adopt <job id>, --resubmit or --abandon.',
  },
  abandoned: {
    retryable: false,
    billed: 'maybe',
    meaning: 'A person gave up on a submit whose outcome is unknown.',
    whatToDo: 'If the job turns up after all, `onetake adopt <job id>` delivers it.',
  },
  cap_exceeded: {
    retryable: false,
    billed: 'no',
    meaning: 'One more video would exceed a cap on what may be spent; nothing was sent.',
    whatToDo:
      'Raise the cap with `onetake limits set`, or start it again when there is room: caps by day begin anew at 0:00 UTC.',
  },
  key_conflict: {
    retryable: false,
    billed: 'no',
    meaning:
      'This key is that of a different request, or has an earlier video where a new one was asked for, or a stored video that nothing describes. Nothing was sent.',
    whatToDo: 'Use another key, or another take of this one. The message says which it is.',
  },
  job_taken: {
    retryable: false,
    billed: 'no',
    meaning: 'The job belongs to another video, so it is not delivered a second time.',
    whatToDo:
      'Watch the video that the message names; `onetake adopt <job id> --for <its id>` delivers it again.',
  },
  task_not_found: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The gateway accepted the job and answers "no such task" for it, also after its own time limit of 24 h.',
    whatToDo:
      'Check that the workers have an API key of the account that paid. Report the job id to the gateway; `onetake adopt <job id>` looks again.',
  },
  task_failed: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The gateway says that the job failed. "billed: no" where its record shows the refund; else it normally gives the money back.',
    whatToDo:
      'Where billed is maybe, check the refund in the gateway console. `onetake adopt <job id>` looks again, a new take pays again.',
  },
  task_timeout: {
    retryable: false,
    billed: 'maybe',
    meaning:
      'The gateway gave up on the job after its own time limit. Refunds as for `task_failed`.',
    whatToDo:
      'Where billed is maybe, check the refund in the gateway console. A new take pays again.',
  },
  deadline: {
    retryable: false,
    billed: 'maybe',
    meaning: 'No verdict came, not even after the time limit of the gateway itself.',
    whatToDo: 'Ask the gateway about the job; `onetake adopt <job id>` looks again.',
  },
  result_missing: {
    retryable: true,
    billed: 'yes',
    meaning: 'The job succeeded, and no address of its video works.',
    whatToDo: '`onetake adopt <job id>` tries again; else report the job id to the gateway.',
  },
  result_expired: {
    retryable: false,
    billed: 'yes',
    meaning: 'The job succeeded, and the gateway no longer keeps its video.',
    whatToDo: 'Report the job id to the gateway. A new take pays again.',
  },
  truncated: {
    retryable: true,
    billed: 'yes',
    meaning: 'What was downloaded is only a part of the video.',
    whatToDo:
      '`onetake adopt <job id>` tries again. What came is kept: `onetake download --force` gives it. Else report the job id to the gateway.',
  },
  not_video: {
    retryable: true,
    billed: 'yes',
    meaning: 'What was downloaded cannot be read as a video.',
    whatToDo:
      '`onetake adopt <job id>` tries again. What came is kept: `onetake download --force` gives it. Else report the job id to the gateway.',
  },
  too_large: {
    retryable: false,
    billed: 'yes',
    meaning: 'The video is larger than the limit.',
    whatToDo: 'Raise DOWNLOAD_MAX_BYTES, then `onetake adopt <job id>`.',
  },
  blocked_url: {
    retryable: false,
    billed: 'yes',
    meaning: 'The video lies at an address that must not be asked (private network, other scheme).',
    whatToDo:
      'If the address is yours, add its origin to GATEWAY_TRUSTED_ORIGINS, then `onetake adopt <job id>`.',
  },
  storage_unavailable: {
    retryable: true,
    billed: 'no',
    meaning:
      'The storage could not be read or written. A submit was not sent; a paid video is still to be stored.',
    whatToDo: 'Check STORAGE_URL and its free space with `onetake doctor`.',
  },
  storage_full: {
    retryable: true,
    billed: 'no',
    meaning: 'The disk of the storage has no room for the video, so nothing was sent.',
    whatToDo:
      'Make room, e.g. with `onetake storage prune`; `onetake storage` shows what is there. Then start it again.',
  },
} as const satisfies Record<string, FailureTraits>;

/** The closed set of failure kinds; also the `type` of every ApplicationFailure we throw. */
export type FailureKind = keyof typeof failures;

/** One failure as callers see it, and as `details[0]` of the ApplicationFailure that ends a run. */
export interface VideoFailure {
  kind: FailureKind;
  message: string;
  billed: Billed;
  /** The gateway's job id, once one is known. */
  jobId?: string;
  /** The gateway's request id (`X-Oneapi-Request-Id`), for its support. */
  requestId?: string;
  httpStatus?: number;
  /** The gateway's own error code, as sent. */
  gatewayCode?: string;
  /** The gateway's own words, any language, shortened and without secrets. */
  gatewayMessage?: string;
  /** Of a failed job: the vendor's moderation refused the finished video. */
  about?: 'moderation';
  /** What came in place of a whole video: it was paid for, so it is kept for whoever wants to look at it. */
  kept?: KeptFile;
}

/** A file of the storage that is no delivered video: it did not pass the checks, or is a text that came instead. */
export interface KeptFile {
  /** Object key, e.g. `quarantine/demo-c251424a88d450f7/task-1-1f0e….mp4`. */
  key: string;
  uri: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Tells whether a word, say the `type` of an ApplicationFailure, is one of our kinds. */
export function isFailureKind(word: unknown): word is FailureKind {
  return typeof word === 'string' && Object.hasOwn(failures, word);
}
