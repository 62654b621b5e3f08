import { deliveryLimits } from '../routes/delivery-routes.ts';
import { maxKeyLength, maxWaitSeconds } from '../http/headers.ts';

/** Parameters by the name of their component. */
export const parameters = {
  videoId: {
    name: 'id',
    in: 'path',
    description: 'Id of the video, as its create returned it',
    schema: { type: 'string' },
    example: 'video_2c26b46b68ffc68ff99b453c1d30413413422d70',
  },
  model: {
    name: 'model',
    in: 'path',
    description: 'Id of the model, with spaces as %20',
    schema: { type: 'string' },
    example: 'sora-2',
  },
  endpoint: {
    name: 'endpoint',
    in: 'path',
    description: 'Id of the endpoint, as its create returned it',
    schema: { type: 'string' },
    example: 'we_3f9a1c72b0d4e5863f9a1c72',
  },
  character: {
    name: 'character',
    in: 'path',
    description: 'Id of the character',
    schema: { type: 'string' },
    example: 'char_1',
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A name of your order. One key never pays twice, and it does not expire; the same key with another body is 422. Without it, retries of OpenAI clients are recognised for an hour',
    schema: { type: 'string', minLength: 1, maxLength: maxKeyLength },
    example: 'order-1001',
  },
  prefer: {
    name: 'Prefer',
    in: 'header',
    description: `\`wait=N\` waits up to N seconds (at most ${maxWaitSeconds}) until the gateway has accepted the request, so that its refusal is the response`,
    schema: { type: 'string' },
    example: 'wait=10',
  },
  requestId: {
    name: 'x-request-id',
    in: 'header',
    description:
      'Id of the request for logs: up to 64 letters, digits, and any of `_ . : -`. Others are replaced',
    schema: { type: 'string' },
    example: 'checkout-7',
  },
  lastEventId: {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'Sent by browsers: the id of the last event that arrived',
    schema: { type: 'string' },
    example: 'end',
  },
  variant: {
    name: 'variant',
    in: 'query',
    description: 'Only the video itself is stored',
    schema: { type: 'string', enum: ['video'], default: 'video' },
  },
  range: {
    name: 'Range',
    in: 'header',
    description: 'One range of bytes; others are ignored',
    schema: { type: 'string' },
    example: 'bytes=0-1023',
  },
  ifRange: {
    name: 'If-Range',
    in: 'header',
    description: 'The `ETag` that the range belongs to; of another file, all of it is sent',
    schema: { type: 'string' },
  },
  ifMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The `ETag` that the file must have; of another file, the response is 412',
    schema: { type: 'string' },
  },
  ifNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of a file that the caller has',
    schema: { type: 'string' },
  },
  linkExpires: {
    name: 'expires',
    in: 'query',
    description: 'Of a signed link: when it expires, in seconds since the epoch',
    schema: { type: 'string' },
  },
  linkTenant: {
    name: 'tenant',
    in: 'query',
    description: 'Of a signed link: the tenant of the video',
    schema: { type: 'string' },
  },
  linkKey: {
    name: 'key',
    in: 'query',
    description:
      'Of a signed link: id of the API key that made it. Absent if the server has no keys',
    schema: { type: 'string' },
  },
  linkSignature: {
    name: 'sig',
    in: 'query',
    description:
      'Of a signed link: its signature. With it and without `Authorization`, the request needs no API key',
    schema: { type: 'string' },
  },
  wait: {
    name: 'wait',
    in: 'query',
    description: 'Waits up to so many seconds until the video has ended',
    schema: { type: 'integer', minimum: 0, maximum: maxWaitSeconds, default: 0 },
  },
  after: {
    name: 'after',
    in: 'query',
    description: 'The last id of the page before (`last_id`)',
    schema: { type: 'string' },
  },
  deliveryLimit: {
    name: 'limit',
    in: 'query',
    schema: {
      type: 'integer',
      minimum: 1,
      maximum: deliveryLimits.max,
      default: deliveryLimits.default,
    },
    description: 'Deliveries in the list',
  },
  limit: {
    name: 'limit',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    description: 'Videos per page',
  },
  order: {
    name: 'order',
    in: 'query',
    description: 'By time of creation',
    schema: { type: 'string', enum: ['asc', 'desc'], default: 'desc' },
  },
  format: {
    name: 'format',
    in: 'query',
    description: 'Whose body it is: of `/v1/videos` or of `/v1/video/generations`',
    schema: { type: 'string', enum: ['videos', 'generations'], default: 'videos' },
  },
} as const;

/** Name of a parameter component. */
export type ParameterName = keyof typeof parameters;

/** Headers of responses by name. */
export const headers = {
  'x-request-id': {
    description: 'Id of this request in the log of the server',
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds after which a repeated request may succeed',
    schema: { type: 'integer' },
  },
  'x-should-retry': {
    description: '`false` tells the clients of OpenAI not to repeat the request',
    schema: { type: 'string', enum: ['false'] },
  },
  'openai-poll-after-ms': {
    description: 'When to poll next, in milliseconds',
    schema: { type: 'integer' },
  },
  etag: { description: 'SHA-256 of the file, quoted', schema: { type: 'string' } },
  'accept-ranges': { description: '`bytes`', schema: { type: 'string' } },
  'content-range': {
    description: 'The range that is sent, and the size of the file',
    schema: { type: 'string' },
  },
  'preference-applied': {
    description: 'The wait that was used, e.g. `wait=10`',
    schema: { type: 'string' },
  },
} as const;
