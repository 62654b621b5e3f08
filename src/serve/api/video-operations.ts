import { videoEndings } from '../../contract/stored-video.ts';
import { createGenerationExample, createVideoExample } from './examples.ts';
import { createdGenerationExample, videoExample } from './examples.ts';
import type { Operation } from './operation.ts';

const bodyErrors = [400, 408, 413, 415] as const;
const createErrors = [...bodyErrors, 409, 422, 502] as const;
const createParameters = ['idempotencyKey', 'prefer'] as const;
const video = { schema: 'Video', example: videoExample } as const;

const openAi: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/videos',
    operationId: 'createVideo',
    tag: 'Videos',
    summary: 'Create a video',
    description:
      'Starts a video, or returns the one that has the same idempotency key. The paid request is sent once, by a worker; `onetake.outcome` says whether this request started it.',
    parameters: createParameters,
    body: {
      'application/json': { schema: 'CreateVideo', example: createVideoExample },
      'multipart/form-data': { schema: 'CreateVideoForm', example: createVideoExample },
    },
    answers: { 200: { description: 'The video', content: video, headers: ['preference-applied'] } },
    errors: createErrors,
  },
  {
    method: 'get',
    path: '/v1/videos',
    operationId: 'listVideos',
    tag: 'Videos',
    summary: 'List your videos',
    description: 'Only those of your API key. The list lags by about a second.',
    parameters: ['after', 'limit', 'order'],
    answers: { 200: { description: 'A page of videos', content: { schema: 'VideoList' } } },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/v1/videos/{id}',
    operationId: 'getVideo',
    tag: 'Videos',
    summary: 'Show the status of a video',
    parameters: ['videoId', 'wait'],
    answers: {
      200: { description: 'The video', content: video, headers: ['openai-poll-after-ms'] },
    },
    errors: [400, 404],
  },
  {
    method: 'delete',
    path: '/v1/videos/{id}',
    operationId: 'deleteVideo',
    tag: 'Videos',
    summary: 'Delete a video that has ended',
    description: 'Its idempotency key still never pays twice.',
    parameters: ['videoId'],
    answers: { 200: { description: 'It is deleted', content: { schema: 'DeletedVideo' } } },
    errors: [404, 409],
  },
];

const generations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/video/generations',
    operationId: 'createGeneration',
    tag: 'Generations',
    summary: 'Create a video',
    parameters: createParameters,
    body: { 'application/json': { schema: 'CreateGeneration', example: createGenerationExample } },
    answers: {
      200: {
        description: 'The task',
        content: { schema: 'CreatedGeneration', example: createdGenerationExample },
        headers: ['preference-applied'],
      },
    },
    errors: createErrors,
  },
  {
    method: 'get',
    path: '/v1/video/generations/{id}',
    operationId: 'getGeneration',
    tag: 'Generations',
    summary: 'Show the status of a video',
    description: 'An unknown id is 400 with the code `task_not_exist`, as in new-api.',
    parameters: ['videoId'],
    answers: { 200: { description: 'The task', content: { schema: 'Generation' } } },
    errors: [400],
  },
];

const decisions: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/videos/{id}/cancel',
    operationId: 'cancelVideo',
    tag: 'Decisions',
    summary: 'Cancel a video',
    description:
      'The gateway cannot cancel a job, so a submitted job stays billed. With `keep`, its video is still stored.',
    parameters: ['videoId'],
    body: { 'application/json': { schema: 'CancelVideo', example: { keep: true } } },
    isBodyOptional: true,
    answers: { 200: { description: 'The video', content: video } },
    errors: [400, 404, 408, 409, 413],
  },
  {
    method: 'post',
    path: '/v1/videos/{id}/resolve',
    operationId: 'resolveVideo',
    tag: 'Decisions',
    summary: 'Decide a submit with an unknown outcome',
    description:
      'Adopt a job that it may have made, submit again (which may pay again), or abandon it.',
    parameters: ['videoId'],
    body: {
      'application/json': {
        schema: 'ResolveVideo',
        example: { action: 'adopt', job_id: 'task_1' },
      },
    },
    answers: { 200: { description: 'The video', content: video } },
    errors: [400, 404, 408, 409, 413],
  },
];

const contentParameters = [
  'videoId',
  'variant',
  'range',
  'ifRange',
  'ifMatch',
  'ifNoneMatch',
  'linkExpires',
  'linkTenant',
  'linkKey',
  'linkSignature',
] as const;
const contentHeaders = ['etag', 'accept-ranges'] as const;
const unread = {
  304: { description: 'The caller has this file', headers: contentHeaders },
  412: { description: 'The file is another one than `If-Match` says', headers: contentHeaders },
} as const;

const content: readonly Operation[] = [
  {
    method: 'get',
    path: '/v1/videos/{id}/content',
    operationId: 'getVideoContent',
    tag: 'Videos',
    summary: 'Download the file of a video',
    description:
      'Whole, or one range of it. The connection of a damaged file breaks before its end. A signed link of `POST /v1/videos/{id}/link` needs no API key.',
    parameters: contentParameters,
    answers: {
      200: {
        description: 'The file',
        content: Object.keys(videoEndings),
        headers: contentHeaders,
      },
      206: {
        description: 'The range',
        content: Object.keys(videoEndings),
        headers: [...contentHeaders, 'content-range'],
      },
      ...unread,
      416: { description: 'The range is after the end of the file', headers: ['content-range'] },
    },
    errors: [400, 404, 410],
  },
  {
    method: 'head',
    path: '/v1/videos/{id}/content',
    operationId: 'headVideoContent',
    tag: 'Videos',
    summary: 'Show size and type of the file of a video',
    parameters: contentParameters,
    answers: { 200: { description: 'Its headers', headers: contentHeaders }, ...unread },
    errors: [400, 404, 410],
  },
];

const link: Operation = {
  method: 'post',
  path: '/v1/videos/{id}/link',
  operationId: 'linkVideo',
  tag: 'Decisions',
  summary: 'Make a link to the file that needs no API key',
  description: 'For browsers and players. It works for `expires_in` seconds.',
  parameters: ['videoId'],
  body: { 'application/json': { schema: 'LinkVideo', example: { expires_in: 900 } } },
  isBodyOptional: true,
  answers: { 200: { description: 'The link', content: { schema: 'Link' } } },
  errors: [400, 404, 408, 413],
};

const events: Operation = {
  method: 'get',
  path: '/v1/videos/{id}/events',
  operationId: 'watchVideo',
  tag: 'Decisions',
  summary: 'Follow a video as server-sent events',
  description:
    'Event `video` has the Video object, now and after each change; event `end` has the last one. An `EventSource` that connects again after the end gets 204 and stops.',
  parameters: ['videoId', 'lastEventId'],
  answers: {
    200: { description: 'The events', content: ['text/event-stream'] },
    204: { description: 'The last event was sent before' },
  },
  errors: [404],
};

/** Routes of videos. */
export const videoOperations: readonly Operation[] = [
  ...openAi,
  ...content,
  ...generations,
  ...decisions,
  link,
  events,
];
