import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Env } from '../context.ts';

/**
 * Settings that `onetake dev` writes for other commands in its folder, so that these reach its server, sandbox gateway,
 * storage and metrics without configuration.
 */
const devSchema = z.object({
  /** Process of `onetake dev`. The settings are ignored when it has ended. */
  pid: z.number().int().positive(),
  settings: z.record(z.string(), z.string()),
});

/** Commands that ignore these settings. A worker for the paid gateway must not get them. */
const independent = new Set(['dev', 'demo', 'worker', 'sandbox', 'codec-server']);

/** Writes the settings into a folder. Returns a function that removes them. */
export async function leaveDevSettings(
  folder: string,
  settings: Record<string, string>,
): Promise<() => Promise<void>> {
  const path = pathIn(folder);
  await mkdir(join(folder, '.onetake'), { recursive: true });
  await writeFile(path, `${JSON.stringify({ pid: process.pid, settings }, null, 1)}\n`, {
    mode: 0o600,
  });
  return () => rm(path, { force: true });
}

/** Empty if no `onetake dev` runs in this folder, or the command ignores its settings. */
export function readDevSettings(folder: string, command: string | undefined): Env {
  if (command !== undefined && independent.has(command)) return {};
  try {
    const { pid, settings } = devSchema.parse(JSON.parse(readFileSync(pathIn(folder), 'utf8')));
    if (!isRunning(pid)) return {};
    // The port of the metrics is in use by the worker of `onetake dev`.
    const { METRICS_PORT: _, ...others } = settings;
    return command === 'serve' ? others : settings;
  } catch {
    return {};
  }
}

function pathIn(folder: string): string {
  return join(folder, '.onetake', 'dev.json');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
