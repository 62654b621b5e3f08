import { open, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../../config/settings.ts';

/** A change takes milliseconds. Only a lock left by a killed process is held as long as this. */
const defaultWaitMs = 5_000;
const retryMs = 20;

/**
 * Runs a function while no other process changes the file. The lock is a file beside it, which is created exclusively.
 * A lock left by a killed process is not broken: two processes could break it at once, and one of the keys would be lost.
 *
 * @throws {ConfigError} The lock stayed taken for some seconds, or cannot be created.
 */
export async function withLock<T>(
  path: string,
  run: () => Promise<T>,
  { waitMs = defaultWaitMs }: { waitMs?: number } = {},
): Promise<T> {
  const lock = `${path}.lock`;
  await takeLock(path, lock, waitMs);
  try {
    return await run();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(path: string, lock: string, waitMs: number): Promise<void> {
  for (let waitedMs = 0; waitedMs <= waitMs; waitedMs += retryMs) {
    try {
      await (await open(lock, 'wx', 0o600)).close();
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new ConfigError(`The keys file "${path}" cannot be locked: ${String(cause)}`, {
          cause,
        });
      }
    }
    await sleep(retryMs);
  }
  throw new ConfigError(
    `The keys file "${path}" is locked by "${lock}": try again, or delete the lock if no other \`onetake keys\` runs`,
  );
}
