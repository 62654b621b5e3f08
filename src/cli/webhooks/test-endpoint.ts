import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Delivery } from '../../webhooks/delivery.ts';
import { readDelivery } from '../../webhooks/delivery-log.ts';
import { sendTestEvent } from '../../webhooks/replay-event.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { isAnswered } from './delivery-words.ts';
import { field } from '../video/report-video.ts';
import { targetWords, unknownEndpoint } from './endpoints.ts';
import { orUsageError, withDeliveries, type DeliveryPorts } from './ports.ts';

/** One attempt has 10 s, and a worker takes the delivery at once. */
const waitMs = 20_000;
const intervalMs = 500;

const examples = `
Example:
  $ onetake webhooks test we_3f9a1c72b0d4e5863f9a1c72

The event has the type webhook.test. A worker sends it, as it sends every event.`;

/** `onetake webhooks test`: sends an event, and waits for the first answer. */
export function configureWebhooksTest(command: Command): Run {
  command.argument('<endpoint id>', 'id of the endpoint').addHelpText('after', examples);
  return (context) => run(command.args, context);
}

async function run([id = '']: string[], context: CliContext): Promise<Exit> {
  return withDeliveries<Exit>(context, async ({ client, endpoints, events }) => {
    const endpoint = await endpoints.get(id);
    if (!endpoint) throw unknownEndpoint(id);
    const sent = await orUsageError(() => sendTestEvent({ client, events }, endpoint));
    context.output.note(`Queued ${sent.eventId} for ${targetWords(endpoint)}.`);
    const delivery = await firstAnswer(client, sent.id);
    return report(delivery, { ...sent, context });
  });
}

/** The delivery after its first attempt, or as it is when the wait ends. */
async function firstAnswer(client: DeliveryPorts['client'], id: string): Promise<Delivery | null> {
  const until = Date.now() + waitMs;
  for (;;) {
    const delivery = await readDelivery(client, id);
    if (delivery && isAnswered(delivery)) return delivery;
    if (Date.now() >= until) return delivery;
    await sleep(intervalMs);
  }
}

interface Sent {
  id: string;
  eventId: string;
  endpointId: string;
  context: CliContext;
}

function report(delivery: Delivery | null, { context, id, eventId, endpointId }: Sent): Exit {
  const { output } = context;
  const { state = 'waiting', attempts = 0, lastFailure, nextAttemptAt } = delivery ?? {};
  const known = { delivery: id, event: eventId, endpoint: endpointId, state, attempts };
  const value = { ...known, lastFailure, nextAttemptAt };
  if (state === 'delivered') {
    const said = `✓ delivered ${eventId}${attempts > 1 ? `, attempt ${attempts}` : ''}`;
    output.result((colors) => [colors.green(said)], { outcome: 'delivered', ...value });
    return 'ok';
  }
  if (delivery && isAnswered(delivery)) {
    output.badResult(
      (colors) => [
        colors.red('✗ not delivered'),
        field('failure', lastFailure ?? state, colors),
        ...(nextAttemptAt === undefined ? [] : [field('next', nextAttemptAt, colors)]),
      ],
      { outcome: 'failed', ...value },
    );
    return 'failed';
  }
  const why = lastFailure ?? 'is a worker running that has the queue webhooks?';
  output.badResult(
    () => [`Nothing was sent within ${waitMs / 1_000} s: ${why}`, 'The event stays queued.'],
    { outcome: 'pending', ...value },
  );
  return 'pending';
}
