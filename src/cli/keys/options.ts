import { resolve } from 'node:path';
import type { Command } from 'commander';
import { keysFileSetting } from '../../config/serve-config.ts';
import type { Env } from '../context.ts';

const defaultFile = 'onetake-keys.json';

/** The flags that all commands of `onetake keys` share. */
export interface KeysFlags {
  file?: string;
}

export function addKeysFileOption(command: Command): Command {
  return command.option(
    '--file <path>',
    `the keys file (default: SERVE_KEYS_FILE, otherwise ${defaultFile} in the current folder)`,
  );
}

/** Absolute path of the keys file. */
export function keysFileOf({ file }: KeysFlags, env: Env): string {
  return resolve(file ?? keysFileSetting(env) ?? defaultFile);
}
