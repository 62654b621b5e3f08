import { Context } from '@temporalio/activity';
import { count } from '../../contract/metrics.ts';
import type {
  DeliverWebhookInput,
  WebhookActivities,
  WebhookDelivered,
  WebhookEndpoint,
} from '../../contract/webhook.ts';
import type { EndpointReader } from '../../webhooks/cached-endpoints.ts';
import type { EndpointGate } from './endpoint-gate.ts';
import type { PostWebhook, WebhookAnswer } from '../../webhooks/post-webhook.ts';
import { webhookHeaders } from '../../webhooks/sign-webhook.ts';
import { busyDelay, webhookDelay } from '../../webhooks/webhook-delay.ts';
import { webhookBody } from '../../webhooks/webhook-event.ts';
import { webhookBusy, webhookEnded, webhookFailed } from './webhook-failures.ts';

export interface DeliverWebhookOptions {
  endpoints: Pick<EndpointReader, 'get'>;
  post: PostWebhook;
  gate: EndpointGate;
  /** Divides the waits between attempts, for tests. Default 1. */
  speed?: number;
  random?: () => number;
  now?: () => number;
}

/** Sends one POST per attempt, signed with all secrets of the endpoint. Temporal retries it with the delay that it gives. */
export function createDeliverWebhook(
  options: DeliverWebhookOptions,
): WebhookActivities['deliverWebhook'] {
  const { gate, endpoints } = options;
  return async (input) => {
    const endpoint = await endpoints.get(input.endpointId);
    const url = endpoint ? addressOf(endpoint, input) : undefined;
    if (endpoint === null || url === undefined) throw ended(input, 'the endpoint was removed');
    const pass = gate.enter(endpoint.id);
    if (!pass) throw busy(options, { input, isProbing: gate.isProbing(endpoint.id) });
    let works = false;
    try {
      const answer = await send(options, { input, endpoint, url });
      works = isDelivered(answer);
      return delivered(options, { input, url, answer });
    } finally {
      pass.leave(works ? 'works' : 'fails');
    }
  };
}

/** Undefined if the endpoint does not have an address of its own, and the input has none. */
function addressOf({ target }: WebhookEndpoint, { url }: DeliverWebhookInput): string | undefined {
  return 'url' in target ? target.url : url;
}

interface Sending {
  input: DeliverWebhookInput;
  endpoint: WebhookEndpoint;
  url: string;
}

function send(
  { post, now = Date.now }: DeliverWebhookOptions,
  { input, endpoint, url }: Sending,
): Promise<WebhookAnswer> {
  const body = webhookBody(input.event);
  const { secrets } = endpoint;
  const timestamp = Math.floor(now() / 1_000);
  const headers = webhookHeaders({ id: input.event.id, timestamp, body }, secrets);
  const signatures = headers['webhook-signature']?.split(' ') ?? [];
  const hidden = [...secrets, ...signatures, ...signatures.map((text) => text.slice(3))];
  const { cancellationSignal: signal } = Context.current();
  return post({ url, headers, body, hidden, signal });
}

function isDelivered(answer: WebhookAnswer): boolean {
  return answer.outcome === 'answered' && answer.status >= 200 && answer.status <= 299;
}

function delivered(
  options: DeliverWebhookOptions,
  { input, url, answer }: Omit<Sending, 'endpoint'> & { answer: WebhookAnswer },
): WebhookDelivered {
  const { attempt } = Context.current().info;
  if (answer.outcome === 'answered' && isDelivered(answer)) {
    counted('delivered');
    return { status: answer.status, attempts: attempt };
  }
  if (answer.outcome === 'answered' && answer.status === 410) {
    throw ended(input, 'it answered 410 (gone)');
  }
  counted('failed');
  const asked = answer.outcome === 'answered' ? answer.retryAfterMs : undefined;
  const delayMs = Math.max(webhookDelay(age(options)), asked ?? 0) / (options.speed ?? 1);
  throw webhookFailed({ endpointId: input.endpointId, attempt, url, answer, delayMs });
}

function ended({ endpointId }: DeliverWebhookInput, reason: string) {
  counted('ended');
  const { attempt } = Context.current().info;
  return webhookEnded({ endpointId, attempt, reason });
}

function busy(
  options: DeliverWebhookOptions,
  { input: { endpointId }, isProbing }: { input: DeliverWebhookInput; isProbing: boolean },
) {
  counted('busy');
  const delayMs = busyDelay(age(options), { isProbing }) / (options.speed ?? 1);
  return webhookBusy({ endpointId, isProbing, delayMs });
}

function age({ random = Math.random, now = Date.now, speed = 1 }: DeliverWebhookOptions) {
  const { attempt, scheduledTimestampMs } = Context.current().info;
  return { attempt, elapsedMs: (now() - scheduledTimestampMs) * speed, random: random() };
}

function counted(outcome: 'delivered' | 'failed' | 'ended' | 'busy'): void {
  count(Context.current().metricMeter, 'onetake_webhooks_total', { outcome });
}
