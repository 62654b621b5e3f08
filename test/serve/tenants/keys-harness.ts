import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path for a keys file in a folder that lives as long as the running test. */
export async function keysPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'keys.json');
}
