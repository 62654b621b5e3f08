import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Environment, RunCommand } from './run-command.ts';
import type { Rung } from './rung.ts';

const versionTimeoutMs = 10_000;

/** The rung that looks for an executable on PATH. */
export function pathRung(name: string, env: Environment): Rung {
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

/** The rung that takes the pinned version out of the cache. */
export function cacheRung(path: string): Rung {
  return {
    name: 'the cache',
    find: async () => ((await isExecutable(path)) ? { path } : { reason: `no "${path}"` }),
  };
}

/** The same rung, but a binary that cannot say its version is a reason to go on. */
export function proven(rung: Rung, { env, run }: { env: Environment; run: RunCommand }): Rung {
  return {
    name: rung.name,
    find: async () => {
      const answer = await rung.find();
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
