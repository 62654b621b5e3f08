import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Environment, RunCommand } from './run-command.ts';
import type { BinarySource } from './binary-source.ts';

const versionTimeoutMs = 10_000;

/** Source: an executable on PATH. */
export function pathSource(name: string, env: Environment): BinarySource {
  return {
    name: `"${name}" on PATH`,
    find: async () => {
      const file = process.platform === 'win32' ? `${name}.exe` : name;
      for (const folder of (env['PATH'] ?? '').split(delimiter)) {
        if (folder && (await isExecutable(join(folder, file)))) return { path: join(folder, file) };
      }
      return { reason: 'no such program' };
    },
  };
}

/** Source: the pinned version in the cache. */
export function cacheSource(path: string): BinarySource {
  return {
    name: 'the cache',
    find: async () => ((await isExecutable(path)) ? { path } : { reason: `no "${path}"` }),
  };
}

/** The same source, but a binary that cannot print its version counts as missing. */
export function proven(
  source: BinarySource,
  { env, run }: { env: Environment; run: RunCommand },
): BinarySource {
  return {
    name: source.name,
    find: async () => {
      const answer = await source.find();
      if ('reason' in answer) return answer;
      const command = { file: answer.path, args: ['--version'], env, timeoutMs: versionTimeoutMs };
      const { exitCode, output } = await run(command);
      if (exitCode === 0) return answer;
      const said = output.slice(-200) || `exit code ${exitCode}`;
      return { reason: `"${answer.path}" does not run: ${said}` };
    },
  };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
