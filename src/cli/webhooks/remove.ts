import type { Command } from 'commander';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { unknownEndpoint } from './endpoints.ts';
import { openEndpoints } from './ports.ts';

const examples = `
Example:
  $ onetake webhooks remove we_3f9a1c72b0d4e5863f9a1c72`;

/** `onetake webhooks remove`. */
export function configureWebhooksRemove(command: Command): Run {
  command.argument('<endpoint id>', 'id of the endpoint').addHelpText('after', examples);
  return (context) => run(command.args, context);
}

async function run([id = '']: string[], { env, output }: CliContext): Promise<Exit> {
  const records = await openEndpoints({ env, output });
  if (!(await records.remove(id))) throw unknownEndpoint(id);
  output.result(() => [`Removed ${id}: nothing more is sent to it, and its secrets are deleted.`], {
    outcome: 'removed',
    id,
  });
  return 'ok';
}
