import type { Command } from 'commander';
import { replayEvent } from '../../webhooks/replay-event.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { oneLine } from '../../contract/one-line.ts';
import { field } from '../video/report-video.ts';
import { unknownEndpoint } from './endpoints.ts';
import { orUsageError, withDeliveries } from './ports.ts';

interface Flags {
  endpoint?: string;
}

const examples = `
Examples:
  $ onetake webhooks replay evt_5c1f0e7d9b3a48c26f0d81e2a7b9c4d35e6f7081
  $ onetake webhooks replay evt_5c1f0e7d9b3a48c26f0d81e2a7b9c4d35e6f7081 --endpoint we_3f9a1c72b0d4e5863f9a1c72

\`onetake webhooks log\` shows the ids of events. The event has the same id and bytes as before, so that receivers know it.`;

/** `onetake webhooks replay`: one more delivery of an event to each endpoint that it was for, or to one endpoint. */
export function configureWebhooksReplay(command: Command): Run {
  command
    .argument('<event id>', 'id of the event')
    .option('--endpoint <id>', 'only to this endpoint, also if it is newer than the event')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([eventId = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const { endpoint } = flags;
  if (!/^evt_[0-9a-f]+$/.test(eventId)) {
    throw new UsageError(
      `Cannot use the event "${oneLine(eventId)}": \`onetake webhooks log\` shows ids, e.g. evt_5c1f…`,
    );
  }
  return withDeliveries<Exit>(context, async (ports) => {
    if (endpoint !== undefined && !(await ports.endpoints.get(endpoint))) {
      throw unknownEndpoint(endpoint);
    }
    const of = { eventId, ...(endpoint !== undefined && { endpointId: endpoint }) };
    const started = await orUsageError(() => replayEvent(ports, of));
    context.output.result(
      (colors) => [
        `Started ${deliveriesWords(started.length)} of ${eventId}:`,
        ...started.map(({ endpointId }) => field('endpoint', endpointId, colors)),
        `Follow with: onetake webhooks log --event ${eventId}`,
      ],
      { outcome: 'started', event: eventId, deliveries: started },
    );
    return 'ok';
  });
}

function deliveriesWords(count: number): string {
  return count === 1 ? '1 delivery' : `${count} deliveries`;
}
