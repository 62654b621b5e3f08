import type { Hono } from 'hono';
import { z } from 'zod';
import { wholeNumber } from '../http/headers.ts';
import { parseBody } from '../http/parse-body.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { deliveryObject, startedDelivery } from '../webhooks/delivery-object.ts';
import { findEndpoint, or400 } from '../webhooks/tenant-endpoints.ts';

/** Default and maximum of deliveries in one list. */
export const deliveryLimits = { default: 20, max: 100 } as const;

/** Body of a replay. */
export const replayWebhookBody = z.strictObject({
  event_id: z
    .string()
    .regex(/^evt_[0-9a-f]{40}$/, 'must be the id of an event: evt_ and 40 hex digits'),
});

/** What was sent to an endpoint of the tenant. */
export function deliveryRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  const { deliveries } = ports;
  app.get('/v1/webhooks/:endpoint/deliveries', async (context) => {
    const { default: otherwise, max } = deliveryLimits;
    const limit = wholeNumber(context.req, 'limit', { min: 1, max, otherwise });
    const { id } = await findEndpoint(ports, context.get('tenant'), context.req.param('endpoint'));
    const found = await deliveries.list({ limit, endpointIds: [id] });
    return context.json({ object: 'list', data: found.map(deliveryObject) });
  });
  app.post('/v1/webhooks/:endpoint/test', async (context) => {
    const tenant = context.get('tenant');
    const endpoint = await findEndpoint(ports, tenant, context.req.param('endpoint'));
    return context.json(startedDelivery(await or400(null, () => deliveries.test(endpoint))));
  });
  app.post('/v1/webhooks/:endpoint/replay', async (context) => {
    const { event_id: eventId } = await parseBody(context.req, replayWebhookBody);
    const { name: tenant } = context.get('tenant');
    const endpoint = await findEndpoint(
      ports,
      context.get('tenant'),
      context.req.param('endpoint'),
    );
    const of = { eventId, endpointId: endpoint.id, tenant };
    const started = await or400('event_id', () => deliveries.replay(of));
    return context.json({ object: 'list', data: started.map(startedDelivery) });
  });
}
