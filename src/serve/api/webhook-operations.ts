import { webhookEndpointExample } from './examples.ts';
import type { Operation } from './operation.ts';

const bodyErrors = [400, 408, 413] as const;
const endpoint = { schema: 'WebhookEndpoint', example: webhookEndpointExample } as const;

/** Routes of webhooks. */
export const webhookOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    tag: 'Webhooks',
    summary: 'Add an endpoint that events are sent to',
    description:
      'Either an address, or a host that the `callback_url` of a request may name. The response has the signing secret, which is not shown again. At most 20 endpoints.',
    body: {
      'application/json': {
        schema: 'CreateWebhook',
        example: {
          url: 'https://hooks.example.com/onetake',
          events: ['video.completed', 'video.failed'],
        },
      },
    },
    answers: { 200: { description: 'The endpoint, with its secret', content: endpoint } },
    errors: bodyErrors,
  },
  {
    method: 'get',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List your endpoints',
    answers: {
      200: {
        description: 'All endpoints, oldest first',
        content: { schema: 'WebhookEndpointList' },
      },
    },
  },
  {
    method: 'get',
    path: '/v1/webhooks/{endpoint}',
    operationId: 'getWebhook',
    tag: 'Webhooks',
    summary: 'Show an endpoint',
    parameters: ['endpoint'],
    answers: { 200: { description: 'The endpoint', content: endpoint } },
    errors: [404],
  },
  {
    method: 'delete',
    path: '/v1/webhooks/{endpoint}',
    operationId: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Remove an endpoint',
    description: 'Deliveries to it that are under way end.',
    parameters: ['endpoint'],
    answers: {
      200: { description: 'It is removed', content: { schema: 'DeletedWebhookEndpoint' } },
    },
    errors: [404],
  },
  {
    method: 'post',
    path: '/v1/webhooks/{endpoint}/rotate',
    operationId: 'rotateWebhook',
    tag: 'Webhooks',
    summary: 'Change the signing secret of an endpoint',
    description:
      'The response has a new secret. Webhooks are signed with it and the former one until you send `finish`.',
    parameters: ['endpoint'],
    body: { 'application/json': { schema: 'RotateWebhook', example: { finish: true } } },
    isBodyOptional: true,
    answers: { 200: { description: 'The endpoint', content: endpoint } },
    errors: [...bodyErrors, 404],
  },
];
