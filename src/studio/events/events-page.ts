import { html } from 'hono/html';
import { ApiError } from '../../serve/http/api-error.ts';
import type { ReplayedDelivery } from '../../webhooks/replay-event.ts';
import { doneOf, seeDone } from '../page/done.ts';
import { readForm } from '../page/form.ts';
import type { AddPages } from '../studio-app.ts';
import { eventsTexts } from '../texts/events.ts';
import { inLanguage } from '../texts/in-language.ts';
import { deliveriesOf, endpointsOf, eventsOf } from './events-tables.ts';
import { createEventsReader } from './read-events.ts';

/** Webhooks: endpoints, deliveries and events. A test and a replay send, so they are forms. */
export const eventsPages: AddPages = (app, { ports, livePage }) => {
  const read = createEventsReader(ports);
  livePage('/events', async (context) => {
    const lang = context.get('lang');
    const texts = inLanguage(eventsTexts, lang);
    const view = await read('all');
    const sent = /^\d{1,4}$/.exec(doneOf(context, ports.now()) ?? '')?.[0];
    const only = context.req.query('endpoint');
    return {
      title: texts.title,
      section: 'events',
      regions: [
        ...(sent === undefined
          ? []
          : [
              {
                id: 'sent',
                html: html`<p class="notice good" role="status">${texts.sent(Number(sent))}</p>`,
              },
            ]),
        { id: 'endpoints', html: endpointsOf(view, lang) },
        {
          id: 'deliveries',
          html: deliveriesOf(view, { lang, ...(only !== undefined && { only }) }),
        },
        { id: 'events', html: eventsOf(view, lang) },
      ],
    };
  });
  app.post('/events/test', async (context) => {
    const id = (await readForm(context)).get('endpoint') ?? '';
    const endpoint = await ports.endpoints.get(id);
    if (!endpoint) {
      const message = 'There is no such webhook endpoint';
      throw new ApiError(404, 'not_found', { message });
    }
    await or400(async () => [await ports.deliveries.test(endpoint)]);
    return seeDone(context, '/studio/events', { done: '1', nowMs: ports.now() });
  });
  app.post('/events/replay', async (context) => {
    const fields = await readForm(context);
    const eventId = fields.get('event') ?? '';
    const endpointId = fields.get('endpoint');
    const started = await or400(() =>
      ports.deliveries.replay({ eventId, ...(endpointId !== null && { endpointId }) }),
    );
    return seeDone(context, '/studio/events', { done: String(started.length), nowMs: ports.now() });
  });
};

/** @throws {ApiError} 400 for what cannot be sent. */
async function or400(send: () => Promise<ReplayedDelivery[]>): Promise<ReplayedDelivery[]> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError(400, 'invalid_request', { message: error.message, cause: error });
  }
}
