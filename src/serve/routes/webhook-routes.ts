import type { Hono } from 'hono';
import { z } from 'zod';
import { webhookEventTypes } from '../../contract/webhook.ts';
import { maxWebhookUrl } from '../../identity/webhook-address.ts';
import { parseBody } from '../http/parse-body.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';
import { endpointObject, endpointWithSecret } from '../webhooks/endpoint-object.ts';
import {
  addEndpoint,
  findEndpoint,
  finishRotation,
  removeEndpoint,
  rotateEndpoint,
} from '../webhooks/tenant-endpoints.ts';

const secret = z
  .string()
  .max(200)
  .describe('`whsec_` and the Base64 of 24 to 64 bytes. Default: a random one');

/** Body that adds an endpoint. */
export const createWebhookBody = z
  .strictObject({
    url: z
      .string()
      .max(maxWebhookUrl)
      .describe('The https address that events are sent to')
      .exactOptional(),
    callback_host: z
      .string()
      .max(300)
      .describe('In place of `url`: a host that the `callback_url` of a request may name')
      .exactOptional(),
    events: z
      .array(z.enum(webhookEventTypes))
      .min(1)
      .max(webhookEventTypes.length)
      .describe('Default: all')
      .exactOptional(),
    secret: secret.exactOptional(),
  })
  .refine(({ url, callback_host }) => (url === undefined) !== (callback_host === undefined), {
    error: 'give either "url" or "callback_host"',
  });

/** Body of a rotation. */
export const rotateWebhookBody = z
  .strictObject({
    finish: z
      .boolean()
      .describe('Ends the rotation: only the newest secret is kept')
      .default(false),
    restart: z
      .boolean()
      .describe(
        'Replaces the new secret of an unfinished rotation, for example if its response was lost',
      )
      .default(false),
    secret: secret.exactOptional(),
  })
  .refine(({ finish, restart, secret: given }) => !finish || (!restart && given === undefined), {
    error: '"finish" cannot go with "secret" or "restart"',
  });

/** Endpoints of webhooks. A tenant sees its own. */
export function webhookRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  app.post('/v1/webhooks', async (context) => {
    const {
      callback_host: callbackHost,
      events,
      ...rest
    } = await parseBody(context.req, createWebhookBody);
    const endpoint = await addEndpoint(ports, context.get('tenant'), {
      ...rest,
      ...(callbackHost !== undefined && { callbackHost }),
      ...(events && { types: events }),
    });
    return context.json(endpointWithSecret(endpoint));
  });
  app.get('/v1/webhooks', async (context) => {
    const endpoints = await ports.endpoints.list({ tenant: context.get('tenant').name });
    return context.json({ object: 'list', data: endpoints.map(endpointObject) });
  });
  app.get('/v1/webhooks/:endpoint', async (context) => {
    const id = context.req.param('endpoint');
    return context.json(endpointObject(await findEndpoint(ports, context.get('tenant'), id)));
  });
  app.delete('/v1/webhooks/:endpoint', async (context) => {
    const id = context.req.param('endpoint');
    await removeEndpoint(ports, context.get('tenant'), id);
    return context.json({ id, object: 'webhook_endpoint.deleted', deleted: true });
  });
  app.post('/v1/webhooks/:endpoint/rotate', async (context) => {
    const { finish, ...given } = await parseBody(context.req, rotateWebhookBody);
    const id = context.req.param('endpoint');
    const tenant = context.get('tenant');
    if (finish) return context.json(endpointObject(await finishRotation(ports, tenant, id)));
    return context.json(endpointWithSecret(await rotateEndpoint(ports, tenant, { id, ...given })));
  });
}
