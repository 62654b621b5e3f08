import type { Command } from 'commander';
import { revokeKey } from '../../serve/tenants/edit-keys-file.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { addKeysFileOption, keysFileOf, type KeysFlags } from './options.ts';

const examples = `
Example:
  $ onetake keys revoke k_3f9a1c72b0d4e586      (the id that create and list show, not the API key)`;

/** `onetake keys revoke`: marks a key as revoked. Its entry stays in the file. */
export function configureKeysRevoke(command: Command): Run {
  command.argument('<key id>', 'id of the API key');
  addKeysFileOption(command).addHelpText('after', examples);
  return (context) => run(command.args, command.opts<KeysFlags>(), context);
}

async function run([id = '']: string[], flags: KeysFlags, context: CliContext): Promise<Exit> {
  const { env, output } = context;
  // The shell's history has it now, so it is not repeated here.
  if (id.startsWith('ot_')) {
    throw new UsageError('That is an API key, not its id: `onetake keys list` shows the ids');
  }
  const file = keysFileOf(flags, env);
  const revoked = await revokeKey(file, id);
  if (!revoked) {
    throw new UsageError(`No API key "${id}" in "${file}": \`onetake keys list\` shows the ids`);
  }
  const { tenant, revokedAt } = revoked.entry;
  output.result(
    () => [
      revoked.isNew
        ? `Revoked ${id} of ${tenant}. Servers that read this file refuse it, and links made with it, within about a ` +
          'second; no restart is needed. Its videos continue.'
        : `${id} of ${tenant} was revoked before, at ${revokedAt}.`,
    ],
    { outcome: 'revoked', id, tenant, revokedAt, file },
  );
  return 'ok';
}
