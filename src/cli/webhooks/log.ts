import Table from 'cli-table3';
import type { Command } from 'commander';
import { oneLine } from '../../contract/one-line.ts';
import type { Delivery } from '../../webhooks/delivery.ts';
import { listDeliveries, listedMost, type DeliveryFilter } from '../../webhooks/delivery-log.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { plainTable } from '../table.ts';
import { stateWords, untilWords } from './delivery-words.ts';
import { unknownEndpoint } from './endpoints.ts';
import { withDeliveries, type DeliveryPorts } from './ports.ts';

interface Flags {
  endpoint?: string;
  tenant?: string;
  event?: string;
  limit?: string;
}

const defaultLimit = 20;
const maxLimit = 500;

const looked = listedMost.toLocaleString('en-US');
const none = `No delivery found among the newest ${looked} of all endpoints.`;

const examples = `
Examples:
  $ onetake webhooks log
  $ onetake webhooks log --endpoint we_3f9a1c72b0d4e5863f9a1c72 --limit 50
  $ onetake webhooks log --tenant acme --json

Temporal has the deliveries as long as its namespace keeps what has ended. The list lags by about a second, and
is made of the newest ${looked} deliveries to all endpoints.`;

/** `onetake webhooks log`: the deliveries, newest first. */
export function configureWebhooksLog(command: Command): Run {
  command
    .option('--endpoint <id>', 'only deliveries to this endpoint')
    .option('--tenant <tenant>', 'only deliveries to the endpoints of this tenant')
    .option('--event <id>', 'only deliveries of this event')
    .option('--limit <number>', `at most this many (default: ${defaultLimit})`)
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  const limit = readLimit(flags.limit);
  return withDeliveries<Exit>(context, async (ports) => {
    const endpointIds = await wantedEndpoints(ports, flags);
    const filter: DeliveryFilter = {
      limit,
      ...(endpointIds && { endpointIds }),
      ...(flags.event !== undefined && { eventId: flags.event }),
    };
    const deliveries = await listDeliveries(ports.client, filter);
    context.output.result(
      (colors) => (deliveries.length === 0 ? [none] : [tableOf(deliveries, colors)]),
      { deliveries },
    );
    return 'ok';
  });
}

/** Undefined for all. @throws {UsageError} */
async function wantedEndpoints(
  { endpoints }: DeliveryPorts,
  { endpoint, tenant }: Flags,
): Promise<string[] | undefined> {
  if (endpoint !== undefined && tenant !== undefined) {
    throw new UsageError('--endpoint cannot go with --tenant');
  }
  // The deliveries of a removed endpoint can still be listed by its id.
  if (endpoint !== undefined) {
    if (!endpoint.startsWith('we_')) throw unknownEndpoint(endpoint);
    return [endpoint];
  }
  if (tenant === undefined) return undefined;
  return (await endpoints.list({ tenant })).map(({ id }) => id);
}

function readLimit(text = String(defaultLimit)): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw new UsageError(
    `Cannot use --limit "${oneLine(text)}": it must be a whole number from 1 to ${maxLimit}`,
  );
}

function tableOf(deliveries: readonly Delivery[], colors: Colors): string {
  const head = ['started', 'event', 'endpoint', 'state', 'attempts', 'next'].map((name) =>
    colors.dim(name),
  );
  const table = new Table({ ...plainTable, head });
  for (const delivery of deliveries) {
    const { startedAt, type, eventId, endpointId, attempts, nextAttemptAt, lastFailure } = delivery;
    const event = `${type ?? 'unreadable'}\n${colors.dim(eventId)}`;
    const next = untilWords(nextAttemptAt, Date.now());
    table.push([startedAt, event, endpointId, stateWords(delivery, colors), attempts, next]);
    if (lastFailure === undefined) continue;
    table.push(['', { colSpan: head.length - 1, content: colors.dim(oneLine(lastFailure)) }]);
  }
  return table.toString();
}
