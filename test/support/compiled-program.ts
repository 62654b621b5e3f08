import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The compiler is gone with its process; the types are checked elsewhere. */
const compilerFlags = ['-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false'];

/** Names the compiled program of a test run; whoever compiled it removes it. */
export const programVariable = 'ONETAKE_TEST_PROGRAM';

/**
 * Compiles `onetake` into a folder that looks like the installed package. From the sources, every worker and every
 * command would compile what it loads: half of a second of computing for a command, a whole one for a worker.
 *
 * @returns The path of the file behind the command.
 */
export async function compileProgram(folder: string): Promise<string> {
  const at = (path: string) => join(folder, path);
  await mkdir(folder, { recursive: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, ...compilerFlags, '--outDir', at('dist')];
  await promisify(execFile)(process.execPath, args, { cwd: root });
  for (const files of ['sandbox-gateway/media', 'studio/assets'])
    await cp(join(root, 'src', files), at(`dist/${files}`), { recursive: true });
  for (const path of ['package.json', 'bin'])
    await cp(join(root, path), at(path), { recursive: true });
  for (const path of ['node_modules', 'tools']) await symlink(join(root, path), at(path));
  return at('bin/onetake.js');
}
