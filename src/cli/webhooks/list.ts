import Table from 'cli-table3';
import type { Command } from 'commander';
import type { WebhookEndpoint } from '../../contract/webhook.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { plainTable } from '../table.ts';
import { shownEndpoint, targetWords } from './endpoints.ts';
import { openEndpoints } from './ports.ts';

interface Flags {
  tenant?: string;
}

/** `onetake webhooks list`: everything about the endpoints but their secrets. */
export function configureWebhooksList(command: Command): Run {
  command
    .option('--tenant <tenant>', 'only the endpoints of this tenant')
    .addHelpText('after', '\nExample:\n  $ onetake webhooks list');
  return (context) => run(command.opts<Flags>(), context);
}

async function run({ tenant }: Flags, { env, output }: CliContext): Promise<Exit> {
  const records = await openEndpoints({ env, output });
  const endpoints = await records.list(tenant === undefined ? undefined : { tenant });
  const none = `No webhook endpoint${tenant === undefined ? '' : ` of tenant "${tenant}"`} yet: add one with \`onetake webhooks add\``;
  output.result((colors) => (endpoints.length === 0 ? [none] : [tableOf(endpoints, colors)]), {
    endpoints: endpoints.map(shownEndpoint),
  });
  return 'ok';
}

function tableOf(endpoints: readonly WebhookEndpoint[], colors: Colors): string {
  const head = ['id', 'tenant', 'target', 'events', 'created', 'secrets'].map((name) =>
    colors.dim(name),
  );
  const table = new Table({ ...plainTable, head });
  for (const endpoint of endpoints) {
    const { id, tenant, target, types, createdAt, secrets } = endpoint;
    table.push([
      id,
      tenant ?? colors.dim('url' in target ? 'all' : 'none'),
      targetWords(endpoint),
      types?.join('\n') ?? 'all',
      new Date(createdAt).toISOString(),
      secrets.length > 1 ? colors.yellow('2, rotating') : '1',
    ]);
  }
  return table.toString();
}
