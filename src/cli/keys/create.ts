import type { Command } from 'commander';
import { oneLine } from '../../contract/one-line.ts';
import { createKey } from '../../serve/tenants/edit-keys-file.ts';
import { tenantName } from '../../serve/tenants/tenant.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { field } from '../video/report-video.ts';
import { addKeysFileOption, keysFileOf, type KeysFlags } from './options.ts';

interface Flags extends KeysFlags {
  note?: string;
  operator?: true;
}

const examples = `
Examples:
  $ onetake keys create acme --note "shop, production"
  $ onetake keys create ops --operator --note "studio, Ann"
  $ onetake keys create acme --file /etc/onetake/keys.json --json | jq -r .key`;

/** `onetake keys create`: adds a key to the keys file, and shows it. */
export function configureKeysCreate(command: Command): Run {
  command
    .argument('<tenant>', 'name of the tenant: lower-case letters, digits and hyphens')
    .option('--note <text>', 'who uses the key, and for what')
    .option(
      '--operator',
      'the key may also open the studio, which shows the videos of all tenants',
    );
  addKeysFileOption(command).addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([tenant = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const { env, output } = context;
  const checked = tenantName.safeParse(tenant);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new UsageError(`Cannot use the tenant "${oneLine(tenant)}": it ${issue?.message}`);
  }
  const file = keysFileOf(flags, env);
  const note = flags.note === undefined ? undefined : oneLine(flags.note);
  const role = flags.operator && 'operator';
  const { key, entry } = await createKey(file, {
    tenant,
    ...(note !== undefined && { note }),
    ...(role && { role }),
  });
  output.note('Save the API key now: it is not shown again, and the keys file has only its hash.');
  output.result(
    (colors) => [
      key,
      field('id', entry.id, colors),
      field('tenant', tenant, colors),
      ...(role ? [field('role', role, colors)] : []),
      field('file', file, colors),
      `Servers with SERVE_KEYS_FILE=${file} accept it within about a second.`,
    ],
    { outcome: 'created', key, id: entry.id, tenant, role, createdAt: entry.createdAt, note, file },
  );
  return 'ok';
}
