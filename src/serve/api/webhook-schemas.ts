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
