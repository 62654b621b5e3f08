import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import { defaultCacheDir, installIntoCache } from '../../src/dev/binary-cache.ts';
import { runCommand, type Environment, type RunCommand } from '../../src/dev/run-command.ts';

/** Which clients: openai, LiteLLM, schemathesis, standardwebhooks; and what they need, each with its hashes. */
const requirements = fileURLToPath(new URL('../e2e/python/clients.txt', import.meta.url));
/** schemathesis and others need it. */
const oldestPython = [3, 11] as const;
const quickLimitMs = 60_000;
/** Measured: 90 s on two busy cores, for 110 MB. */
const installLimitMs = 480_000;
/** For the hook of vitest in which they are looked for. */
export const pythonClientsLimitMs = installLimitMs + 2 * quickLimitMs;

interface Place {
  env?: Environment;
  run?: RunCommand;
  onProgress?: (line: string) => void;
}

/**
 * Path of a Python that has the pinned clients: from the cache, or a virtual environment that is made once a machine.
 *
 * pip's configuration selects the index. `--require-hashes` accepts only the pinned files, whatever server they come
 * from. The folder may be moved, so start scripts with `python -m` and not by `bin/NAME`.
 *
 * @throws {UnavailableError} There is no Python of the needed version here, or the index cannot be reached.
 * @throws {Error} A package has another hash than the pinned one.
 */
export async function findPythonClients(place: Place = {}): Promise<string> {
  const { env = process.env, run = runCommand, onProgress = toStderr } = place;
  const version = await pythonVersion({ env, run });
  const cacheDir = defaultCacheDir(env);
  const digest = createHash('sha256').update(await readFile(requirements));
  const pinned = `${digest.digest('hex').slice(0, 12)}-py${version}`;
  const target = join(cacheDir, `python-clients-${pinned}-${process.platform}-${process.arch}`);
  const python = join(target, 'bin/python');
  if (await exists(python)) return python;
  onProgress('Installing the Python clients of the tests with pip, once');
  try {
    await installIntoCache(target, cacheDir, (folder) => makeVenv(folder, { env, run }));
  } catch (error) {
    // Another test run was faster.
    if (!(await exists(python))) throw error;
  }
  return python;
}

interface Running {
  env: Environment;
  run: RunCommand;
}

async function pythonVersion({ env, run }: Running): Promise<string> {
  const args = ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'];
  const { exitCode, output } = await run({ file: 'python3', args, env, timeoutMs: quickLimitMs });
  const version = /^(\d+)\.(\d+)$/m.exec(output);
  if (exitCode !== 0 || version === null) {
    throw new UnavailableError(`Cannot run "python3": ${lastLines(output)}`);
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const [oldestMajor, oldestMinor] = oldestPython;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return version[0];
  throw new UnavailableError(
    `python3 is ${version[0]}, the clients need ${oldestPython.join('.')}`,
  );
}

/** Without pip inside: the pip of the machine installs into it, and no `ensurepip` is needed. */
async function makeVenv(folder: string, { env, run }: Running): Promise<string> {
  const venv = join(folder, 'venv');
  const python = join(venv, 'bin/python');
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--retries', '1'];
  // Most modules are never imported.
  const install = ['install', ...quiet, '--no-compile', '--only-binary', ':all:'];
  const steps = [
    { args: ['-m', 'venv', '--without-pip', venv], timeoutMs: quickLimitMs },
    {
      args: ['-m', 'pip', '--python', python, ...install, '--require-hashes', '-r', requirements],
      timeoutMs: installLimitMs,
    },
  ];
  for (const step of steps) {
    const { exitCode, output } = await run({ file: 'python3', env, ...step });
    if (exitCode === 0) continue;
    const reason = `python3 ${step.args.slice(0, 2).join(' ')} failed: ${lastLines(output)}`;
    if (output.includes('DO NOT MATCH THE HASHES')) throw new Error(reason);
    throw new UnavailableError(reason);
  }
  return venv;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The end of the output, without addresses, because an index address may contain a password. */
function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-3)
    .join(' ')
    .replaceAll(/\w+:\/\/\S+/g, '<address>')
    .slice(-400);
}

function toStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
