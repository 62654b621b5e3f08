import Table from 'cli-table3';
import type { Command } from 'commander';
import { oneLine } from '../../contract/one-line.ts';
import { readKeysFile, type KeyEntry } from '../../serve/tenants/keys-file.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { plainTable } from '../table.ts';
import { addKeysFileOption, keysFileOf, type KeysFlags } from './options.ts';

/** `onetake keys list`: everything about the keys but their hashes. */
export function configureKeysList(command: Command): Run {
  addKeysFileOption(command).addHelpText('after', '\nExample:\n  $ onetake keys list');
  return (context) => run(command.opts<KeysFlags>(), context);
}

async function run(flags: KeysFlags, { env, output }: CliContext): Promise<Exit> {
  const file = keysFileOf(flags, env);
  const { keys } = await readKeysFile(file);
  output.result(
    (colors) => (keys.length === 0 ? [`No API key in ${file} yet.`] : [keyTable(keys, colors)]),
    { file, keys: keys.map(shown) },
  );
  return 'ok';
}

function keyTable(keys: readonly KeyEntry[], colors: Colors): string {
  const head = ['id', 'tenant', 'role', 'created', 'revoked', 'note'].map((name) =>
    colors.dim(name),
  );
  const table = new Table({ ...plainTable, head });
  for (const { id, tenant, role = '', createdAt, revokedAt, note = '' } of keys) {
    table.push([id, tenant, role, createdAt, colors.yellow(revokedAt ?? ''), oneLine(note)]);
  }
  return table.toString();
}

function shown({ id, tenant, role, createdAt, revokedAt, note }: KeyEntry) {
  return { id, tenant, role, createdAt, revokedAt, note };
}
