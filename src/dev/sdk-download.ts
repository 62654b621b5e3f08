import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installIntoCache } from './binary-cache.ts';
import { onProcessEnd } from './exit-guard.ts';
import type { Environment } from './run-command.ts';
import type { BinarySource } from './binary-source.ts';

// Without internet a name lookup fails in under a second. A firewall that drops packets causes no error, so without
// data for this long the next source is tried.
const defaultStallLimitMs = 5_000;
const checkEveryMs = 100;

// In a separate process, because the SDK's download cannot be aborted, and starts a server.
const script = `
  const [library, downloadDir, version] = process.argv.slice(1);
  const executable = { type: 'cached-download', downloadDir, version };
  require(library).TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((environment) => environment.teardown())
    .catch((error) => { console.error(error.message); process.exit(1); });
`;

/** Options of the SDK source. */
export interface SdkDownloadOptions {
  version: string;
  /** Path of the binary in the cache. */
  target: string;
  cacheDir: string;
  env: Environment;
  onProgress: (line: string) => void;
  /** File of Temporal's testing library. Default: resolved from our packages. */
  library?: string;
  /** Time without data after which the download is aborted. */
  stallLimitMs?: number;
}

/** Source: Temporal's SDK downloads the binary. Aborts if no bytes arrive for some seconds. */
export function sdkSource(options: SdkDownloadOptions): BinarySource {
  return {
    name: "the SDK's download",
    find: async () => {
      const library = options.library ?? resolveLibrary();
      if (!library) return { reason: '@temporalio/testing is not installed' };
      options.onProgress("Downloading temporal with Temporal's SDK");
      try {
        await installIntoCache(options.target, options.cacheDir, (workDir) =>
          download(library, workDir, options),
        );
        return { path: options.target };
      } catch (error) {
        return { reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function resolveLibrary(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@temporalio/testing');
  } catch {
    return undefined;
  }
}

async function download(library: string, workDir: string, options: SdkDownloadOptions) {
  const version = `v${options.version}`;
  const child = spawn(process.execPath, ['-e', script, library, workDir, version], {
    env: options.env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const release = onProcessEnd(() => endGroup(child));
  try {
    const stallLimitMs = options.stallLimitMs ?? defaultStallLimitMs;
    return await watchDownload(child, { workDir, finished: `temporal-${version}`, stallLimitMs });
  } finally {
    endGroup(child);
    release();
  }
}

interface Watched {
  workDir: string;
  finished: string;
  stallLimitMs: number;
}

async function watchDownload(child: ChildProcess, { workDir, finished, stallLimitMs }: Watched) {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  let seenBytes = 0;
  let newsAt = Date.now();
  for (;;) {
    await delay(checkEveryMs);
    const names = await readdir(workDir);
    if (names.includes(finished)) return join(workDir, finished);
    if (child.exitCode !== null) throw new Error(firstReason(errors));
    const bytes = await totalBytes(workDir, names);
    if (bytes !== seenBytes) newsAt = Date.now();
    seenBytes = bytes;
    if (Date.now() - newsAt > stallLimitMs) {
      throw new Error(`no bytes within ${stallLimitMs / 1000} s`);
    }
  }
}

async function totalBytes(folder: string, names: string[]): Promise<number> {
  const stats = names.map((name) => stat(join(folder, name)).catch(() => ({ size: 0 })));
  return (await Promise.all(stats)).reduce((sum, { size }) => sum + size, 0);
}

/** The SDK repeats its message around the cause; the last clause has the reason. */
function firstReason(errors: string): string {
  const clauses = errors
    .trim()
    .replaceAll(/\(?\w+:\/\/[^\s)]+\)?/g, '')
    .split(': ');
  return clauses.slice(-2).join(': ') || 'the SDK gave no reason';
}

/** The download starts a server in its process group, so the whole group is killed. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
