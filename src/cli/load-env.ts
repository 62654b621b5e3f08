import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { decodeMarked } from '../manifest/formats/text-encoding.ts';
import { UsageError, type Env } from './context.ts';
import { readDevSettings } from './run/dev-settings.ts';

/**
 * Settings of a command, by precedence: environment variables, the settings of an `onetake dev` that runs in this
 * folder, the `.env` of the folder.
 */
export function loadEnv(folder: string, env: Env, command?: string): Env {
  return { ...readDotEnv(join(folder, '.env')), ...readDevSettings(folder, command), ...env };
}

/** Windows editors may save it as UTF-16 or with a byte order mark. */
function readDotEnv(path: string): Env {
  try {
    const decoded = decodeMarked(readFileSync(path));
    if ('text' in decoded) return parse(decoded.text);
    const where = decoded.line === undefined ? '' : `, line ${decoded.line}`;
    throw new UsageError(`Cannot read "${path}"${where}: ${decoded.fault}`);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new UsageError(`Cannot read "${path}": ${message}`, { cause });
  }
}
