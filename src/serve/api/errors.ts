/** What a status means, and its values of `error.code`. A law compares them with the table in the code. */
export const errors = {
  400: {
    name: 'BadRequest',
    description: 'The request is invalid, or the gateway refused it at no cost',
    codes: [
      'invalid_request',
      'not_ready',
      'not_stored',
      'moderation',
      'not_supported',
      'task_not_exist',
    ],
  },
  401: {
    name: 'Unauthorized',
    description: 'The API key is missing, unknown or revoked',
    codes: ['invalid_api_key'],
  },
  403: {
    name: 'Forbidden',
    description:
      'The signed link is not valid, or the server has no API keys and the caller is on another machine',
    codes: ['invalid_link', 'forbidden'],
  },
  404: {
    name: 'NotFound',
    description: 'No such video or endpoint of yours, or no such model',
    codes: ['not_found', 'model_not_found'],
  },
  405: {
    name: 'MethodNotAllowed',
    description: 'The route has other methods, which `Allow` lists',
    codes: ['method_not_allowed'],
  },
  408: {
    name: 'RequestTimeout',
    description: 'The body did not arrive in time',
    codes: ['request_timeout'],
  },
  409: {
    name: 'Conflict',
    description: 'The phase of the video does not allow this, or an earlier POST may be billed',
    codes: ['wrong_phase', 'may_be_billed', 'job_taken'],
  },
  410: { name: 'Gone', description: 'The file was removed', codes: ['file_gone'] },
  413: {
    name: 'ContentTooLarge',
    description: 'The body or a file is over its limit',
    codes: ['request_too_large'],
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is neither JSON nor, where it may be, a form',
    codes: ['unsupported_media_type'],
  },
  422: {
    name: 'KeyReused',
    description: 'The idempotency key belongs to another request',
    codes: ['idempotency_key_reused'],
  },
  429: {
    name: 'TooManyRequests',
    description: 'A rate limit or a spend cap is reached',
    codes: ['rate_limit_exceeded', 'rate_limited', 'insufficient_quota'],
  },
  500: {
    name: 'ServerError',
    description: 'A fault of this server; its log has the request id',
    codes: ['internal_error', 'damaged', 'no_storage', 'payload_key'],
  },
  502: {
    name: 'BadGateway',
    description: 'The gateway refused the API key of the workers',
    codes: ['auth'],
  },
  503: {
    name: 'Unavailable',
    description: 'Temporal, the storage or the gateway does not answer',
    codes: [
      'temporal_unavailable',
      'no_answer',
      'storage_unavailable',
      'storage_full',
      'no_channel',
      'gateway_unavailable',
      'worker_lost',
    ],
  },
} as const;

/** HTTP status of a documented error. */
export type ErrorStatus = keyof typeof errors;
