import { z } from 'zod';
import { webhookEventTypes } from '../../contract/webhook.ts';

const endpointId = z.string().describe('Id of an endpoint: `we_` and 24 hex digits');

/** An endpoint of webhooks. */
export const webhookEndpointSchema = z.strictObject({
  id: endpointId,
  object: z.literal('webhook_endpoint'),
  url: z.string().nullable().describe('Where events are sent; null for a host of callbacks'),
  callback_host: z
    .string()
    .nullable()
    .describe('The host that a `callback_url` may name; null for an address'),
  events: z.array(z.enum(webhookEventTypes)).nullable().describe('Null: all'),
  created_at: z.int().describe('Seconds since the epoch'),
  rotating: z.boolean().describe('Webhooks are signed with two secrets'),
  secret: z
    .string()
    .describe('Only in the response that made it: what webhooks are signed with')
    .exactOptional(),
});

/** All endpoints of a tenant. */
export const webhookEndpointListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(webhookEndpointSchema),
});

/** Response to a delete. */
export const deletedWebhookEndpointSchema = z.strictObject({
  id: endpointId,
  object: z.literal('webhook_endpoint.deleted'),
  deleted: z.literal(true),
});

const startedFields = {
  id: z.string().describe('Id of the delivery in Temporal'),
  object: z.literal('webhook_delivery'),
  event_id: z.string().describe('Id of the event: header `webhook-id`, and `id` of the body'),
  endpoint_id: endpointId,
};

/** A delivery that was started by hand. */
export const startedDeliverySchema = z.strictObject(startedFields);

/** Deliveries that were started by hand. */
export const startedDeliveryListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(startedDeliverySchema),
});

/** One event on its way to one endpoint. */
export const webhookDeliverySchema = z.strictObject({
  ...startedFields,
  event_type: z.enum([...webhookEventTypes, 'webhook.test']).nullable(),
  state: z
    .enum(['waiting', 'running', 'delivered', 'failed', 'stopped'])
    .describe('`waiting`: for the next attempt. `stopped`: the operator ended it'),
  attempts: z.int(),
  started_at: z.int().describe('Seconds since the epoch'),
  ended_at: z.int().nullable(),
  next_attempt_at: z.int().nullable(),
  last_failure: z.string().nullable(),
});

/** Deliveries, newest first. */
export const webhookDeliveryListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(webhookDeliverySchema),
});
