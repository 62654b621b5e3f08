import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { installIntoCache } from '../../src/dev/binary-cache.ts';
import type { Command, Environment, RunCommand } from '../../src/dev/run-command.ts';
import type { BinarySource } from '../../src/dev/binary-source.ts';

const downloadTimeoutMs = 120_000;
// Measured: 1.7 min on two cores, with an empty build cache.
const buildTimeoutMs = 900_000;

/** A Go module as a line of go.sum pins it. */
export interface PinnedModule {
  path: string;
  version: string;
  /** Hash of the module's source: `h1:…`. */
  sum: string;
}

/** Reads the pinned module, a line of go.sum under comments. @throws {Error} When the file pins nothing. */
export async function pinnedModule(file: URL): Promise<PinnedModule> {
  const text = await readFile(file, 'utf8');
  const [, path, version, sum] = /^([\w./-]+) (v\S+) (h1:\S+)$/m.exec(text) ?? [];
  if (!path || !version || !sum)
    throw new Error(`Cannot read pinned module from "${file.pathname}"`);
  return { path, version, sum };
}

/** What the Go source needs: the pinned module, the command in it, the place for it. */
export interface GoInstallOptions {
  module: PinnedModule;
  /** Folder of the command inside the module; its last part names the binary. */
  command: string;
  /** Path of the binary in the cache. */
  target: string;
  cacheDir: string;
  env: Environment;
  run: RunCommand;
  onProgress: (line: string) => void;
}

/**
 * The source that builds a binary from its pinned source.
 *
 * Go's own configuration decides which proxy is asked; the pinned hash decides what is built, whoever served it.
 */
export function goSource(options: GoInstallOptions): BinarySource {
  const { module, target, cacheDir, onProgress } = options;
  return {
    name: 'go install',
    find: async () => {
      onProgress(`Building ${module.path} with Go, which takes minutes, once`);
      try {
        await checkSum(options);
        await installIntoCache(target, cacheDir, (workDir) => build(workDir, options));
        return { path: target };
      } catch (error) {
        return { reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

const downloadedSchema = z.object({ Sum: z.string() });

async function checkSum({ module, env, run }: GoInstallOptions): Promise<void> {
  const args = ['mod', 'download', '-json', `${module.path}@${module.version}`];
  const output = await go(run, { args, env, timeoutMs: downloadTimeoutMs });
  // Go may say on standard error which toolchain or module it fetches.
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
  const { Sum } = downloadedSchema.parse(JSON.parse(json));
  if (Sum === module.sum) return;
  throw new Error(`the source of ${module.path} ${module.version} does not have the pinned hash`);
}

async function build(workDir: string, options: GoInstallOptions): Promise<string> {
  const { module, command, run } = options;
  const args = ['install', `${module.path}/${command}@${module.version}`];
  const env = { ...options.env, GOBIN: workDir };
  await go(run, { args, env, timeoutMs: buildTimeoutMs });
  return join(workDir, command.split('/').at(-1) ?? command);
}

async function go(run: RunCommand, command: Omit<Command, 'file'>): Promise<string> {
  const { exitCode, output } = await run({ file: 'go', ...command });
  if (exitCode === 0) return output;
  const end = output
    .replaceAll(/\w+:\/\/\S+/g, '<address>')
    .trim()
    .slice(-400);
  throw new Error(`go ${command.args.slice(0, 2).join(' ')} failed: ${end}`);
}
