import { html } from 'hono/html';
import type { WebhookEndpoint, WebhookEvent } from '../../contract/webhook.ts';
import type { WebhookEventRecord } from '../../storage/records/webhook-events.ts';
import type { Delivery, DeliveryState } from '../../webhooks/delivery.ts';
import { hiddenFields } from '../components/form-field.ts';
import { table } from '../components/table.ts';
import { time } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import { eventsTexts } from '../texts/events.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import type { EventsView } from './read-events.ts';

const tones: Readonly<Record<DeliveryState, string>> = {
  waiting: 'calm',
  running: 'busy',
  delivered: 'good',
  failed: 'bad',
  stopped: 'warn',
};

/** Endpoints, and how the last deliveries to each ended. */
export function endpointsOf({ endpoints, deliveries }: EventsView, lang: Lang): Html {
  const texts = inLanguage(eventsTexts, lang);
  if (endpoints.length === 0) {
    return html`<h2>${texts.endpoints}</h2>
      <p>${texts.noEndpoints}</p>
      <pre>onetake webhooks add https://hooks.example.com/onetake</pre>`;
  }
  const titles = [texts.endpoint, texts.owner, texts.types, texts.state, texts.test];
  return table(
    titles.map((title) => ({ title })),
    endpoints.map((endpoint) => [
      targetOf(endpoint, lang),
      ownerOf(endpoint, lang),
      endpoint.types?.join(', ') ?? texts.allTypes,
      lastOf(
        deliveries.filter(({ endpointId }) => endpointId === endpoint.id),
        lang,
      ),
      'url' in endpoint.target
        ? sendForm('/studio/events/test', { endpoint: endpoint.id }, texts.test)
        : '',
    ]),
    { caption: texts.endpoints },
  );
}

function targetOf({ id, target, secrets }: WebhookEndpoint, lang: Lang): Html {
  const texts = inLanguage(eventsTexts, lang);
  const place = 'url' in target ? target.url : texts.callbacks(target.callbackHost);
  const query = new URLSearchParams({ endpoint: id });
  return html`<span class="named">${place}</span>
    <small class="id"><a href="/studio/events?${String(query)}">${id}</a></small>
    ${secrets.length > 1 ? html`<small class="id">${texts.rotating}</small>` : ''}`;
}

function ownerOf({ tenant, target }: WebhookEndpoint, lang: Lang): string {
  const texts = inLanguage(eventsTexts, lang);
  if (tenant !== null) return texts.ownerTenant(tenant);
  return 'url' in target ? texts.ownerAll : texts.ownerNone;
}

/** `3 delivered, 1 failed` */
function lastOf(deliveries: readonly Delivery[], lang: Lang): Html | string {
  const texts = inLanguage(eventsTexts, lang);
  const states = Object.keys(tones) as DeliveryState[];
  const counts = states
    .map((state) => [state, deliveries.filter((each) => each.state === state).length] as const)
    .filter(([, count]) => count > 0);
  if (counts.length === 0) return texts.noDeliveries;
  return html`${counts.map(
    ([state, count]) => html`<span class="badge ${tones[state]}">${count} ${texts[state]}</span> `,
  )}`;
}

/** The newest deliveries. @param only To this endpoint. */
export function deliveriesOf(
  { deliveries, problem }: EventsView,
  { lang, only }: { lang: Lang; only?: string },
): Html {
  const texts = inLanguage(eventsTexts, lang);
  if (problem !== null) return html`<p class="notice warn">${texts.unread(problem)}</p>`;
  const shown = deliveries.filter(({ endpointId }) => only === undefined || endpointId === only);
  const filter =
    only === undefined
      ? ''
      : html`<p>${texts.onlyOf(only)} · <a href="/studio/events">${texts.showAll}</a></p>`;
  if (shown.length === 0) {
    return html`<h2>${texts.deliveries}</h2>
      ${filter}
      <p class="empty">${texts.noDelivery}</p>`;
  }
  const titles = [texts.event, texts.deliveryState, texts.started, texts.action];
  return html`${filter}
  ${table(
    titles.map((title) => ({ title })),
    shown.map((delivery) => rowOf(delivery, lang)),
    { caption: texts.deliveries },
  )}`;
}

function rowOf(delivery: Delivery, lang: Lang) {
  const texts = inLanguage(eventsTexts, lang);
  const { type, eventId, endpointId, state, attempts } = delivery;
  const { startedAt, nextAttemptAt, lastFailure } = delivery;
  return [
    html`${type ?? texts.unreadable}<small class="id">${eventId}</small
      ><small class="id">→ ${endpointId}</small>`,
    html`<span class="badge ${tones[state]}">${texts[state]}</span>
      <small>${texts.attempts(attempts)}</small>
      ${lastFailure === undefined ? '' : html`<small class="id">${lastFailure}</small>`}`,
    html`${time(startedAt)}
    ${
      nextAttemptAt === undefined
        ? ''
        : html`<small class="id">${texts.next} ${time(nextAttemptAt)}</small>`
    }`,
    sendForm('/studio/events/replay', { event: eventId, endpoint: endpointId }, texts.replay),
  ];
}

/** The newest events. */
export function eventsOf({ events }: EventsView, lang: Lang): Html {
  const texts = inLanguage(eventsTexts, lang);
  if (events.length === 0) {
    return html`<h2>${texts.events}</h2>
      <p class="empty">${texts.noEvents}</p>`;
  }
  const titles = [
    texts.type,
    texts.created,
    texts.about,
    texts.tenant,
    texts.targets,
    texts.action,
  ];
  return table(
    titles.map((title) => ({ title })),
    events.map((record) => eventRow(record, lang)),
    { caption: texts.events },
  );
}

function eventRow({ event, tenant, targets }: WebhookEventRecord, lang: Lang) {
  const texts = inLanguage(eventsTexts, lang);
  return [
    html`${event.type}<small class="id">${event.id}</small>`,
    time(new Date(event.created_at * 1_000).toISOString()),
    aboutOf(event),
    tenant ?? '',
    targets.length,
    sendForm('/studio/events/replay', { event: event.id }, texts.replayAll),
  ];
}

function aboutOf({ data: { id, object, workflow_id: workflowId } }: WebhookEvent): Html | string {
  if (workflowId === undefined || object !== 'video') return id;
  return html`<a href="/studio/videos/${encodeURIComponent(workflowId)}">${id}</a>`;
}

function sendForm(action: string, fields: Record<string, string>, label: string): Html {
  return html`<form method="post" action="${action}">
    ${hiddenFields(fields)}<button>${label}</button>
  </form>`;
}
