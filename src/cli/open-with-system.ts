import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Env } from './context.ts';

/**
 * Opens a file or an address with the program that the system has for it. False if there is none. Does not wait for its
 * end: a player may run for hours.
 */
export async function openWithSystem(what: string, env: Env): Promise<boolean> {
  const [program, ...args] = openerOf(process.platform);
  const child = spawn(program, [...args, what], { env, stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
  } catch {
    return false;
  }
  child.unref();
  return true;
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
}
