import { webhookEndpointExample } from './examples.ts';
import type { Operation } from './operation.ts';

const bodyErrors = [400, 408, 413] as const;
const endpoint = { schema: 'WebhookEndpoint', example: webhookEndpointExample } as const;

const endpoints: readonly Operation[] = [
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
      'The response has a new secret. Webhooks are signed with it and the former one until you send `finish`. Until then, another rotation is refused with 400, unless it has `restart`.',
    parameters: ['endpoint'],
    body: { 'application/json': { schema: 'RotateWebhook', example: { finish: true } } },
    isBodyOptional: true,
    answers: { 200: { description: 'The endpoint', content: endpoint } },
    errors: [...bodyErrors, 404],
  },
];

const deliveries: readonly Operation[] = [
  {
    method: 'get',
    path: '/v1/webhooks/{endpoint}/deliveries',
    operationId: 'listWebhookDeliveries',
    tag: 'Webhooks',
    summary: 'List what was sent to an endpoint',
    description:
      'The newest first, among the last 2,000 of the service. The list lags by about a second.',
    parameters: ['endpoint', 'deliveryLimit'],
    answers: { 200: { description: 'Deliveries', content: { schema: 'WebhookDeliveryList' } } },
    errors: [400, 404],
  },
  {
    method: 'post',
    path: '/v1/webhooks/{endpoint}/test',
    operationId: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send a test event to an endpoint',
    description:
      'The event has the type `webhook.test`. An endpoint of a callback host cannot be tested, because it has no address.',
    parameters: ['endpoint'],
    answers: {
      200: { description: 'The delivery is started', content: { schema: 'StartedDelivery' } },
    },
    errors: [400, 404],
  },
  {
    method: 'post',
    path: '/v1/webhooks/{endpoint}/replay',
    operationId: 'replayWebhook',
    tag: 'Webhooks',
    summary: 'Send an event of your videos to an endpoint again',
    description:
      'With the same id and bytes, and a new signature. Events are kept for 30 days. The endpoint may be newer than the event.',
    parameters: ['endpoint'],
    body: {
      'application/json': {
        schema: 'ReplayWebhook',
        example: { event_id: 'evt_5c1f0e7d9b3a48c26f0d81e2a7b9c4d35e6f7081' },
      },
    },
    answers: {
      200: {
        description: 'The deliveries are started',
        content: { schema: 'StartedDeliveryList' },
      },
    },
    errors: [...bodyErrors, 404],
  },
];

/** Routes of webhooks. */
export const webhookOperations: readonly Operation[] = [...endpoints, ...deliveries];
