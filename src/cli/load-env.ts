import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { UsageError, type Env } from './context.ts';
import { readDevSettings } from './dev-settings.ts';

/**
 * The settings of a command: variables that are set, over those of an `onetake dev` that runs in this folder, over the
 * `.env` of the folder.
 */
export function loadEnv(folder: string, env: Env, command?: string): Env {
  return { ...readDotEnv(join(folder, '.env')), ...readDevSettings(folder, command), ...env };
}

function readDotEnv(path: string): Env {
  try {
    return parse(readFileSync(path));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new UsageError(`Cannot read "${path}": ${message}`, { cause });
  }
}
