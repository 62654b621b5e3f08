import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { UsageError, type Env } from './context.ts';

/** The `.env` of a folder under the variables that are set already; without the file, those alone. */
export function loadEnv(folder: string, env: Env): Env {
  const path = join(folder, '.env');
  try {
    return { ...parse(readFileSync(path)), ...env };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return env;
    throw new UsageError(`Cannot read "${path}": ${message}`, { cause });
  }
}
