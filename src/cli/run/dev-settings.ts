import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Env } from '../context.ts';

/**
 * What `onetake dev` has set, for the other commands of its folder: without any setting they reach its server, its
 * sandbox gateway, its storage and the metrics of its worker.
 */
const devSchema = z.object({
  /** Of the process of `onetake dev`: once it has ended, the file says nothing any more. */
  pid: z.number().int().positive(),
  settings: z.record(z.string(), z.string()),
});

/** Commands that start something of their own; a worker for the paid gateway must not get these settings. */
const independent = new Set(['dev', 'demo', 'worker', 'sandbox', 'codec-server']);

/** Leaves the settings in a folder; gives what takes them away again. */
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

/** Empty where no `onetake dev` runs in this folder, or the command is not meant. */
export function readDevSettings(folder: string, command: string | undefined): Env {
  if (command !== undefined && independent.has(command)) return {};
  try {
    const { pid, settings } = devSchema.parse(JSON.parse(readFileSync(pathIn(folder), 'utf8')));
    return isRunning(pid) ? settings : {};
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
