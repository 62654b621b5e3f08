import { Command } from 'commander';
import { UsageError, type Configure } from '../../src/cli/context.ts';
import { createOutput } from '../../src/cli/output.ts';

export interface Ran {
  exit: string;
  stdout: string;
  stderr: string;
  /** What `--json` prints. */
  json: unknown;
}

/** Runs one command in this process, as `main.ts` does; a UsageError is the end `badInput`. */
export async function runCommand(
  configure: Configure,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    },
  });
  const json = argv.includes('--json');
  const output = createOutput({ json, stdout: stream('stdout'), stderr: stream('stderr'), env });
  const program = new Command('onetake').option('--json').exitOverride();
  const command = program.command('test').action(() => {});
  const run = configure(command);
  await program.parseAsync(['test', ...argv], { from: 'user' });
  const exit = await run({ env, output, debug: false }).catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    written.stderr += error.message;
    return 'badInput';
  });
  return {
    exit,
    ...written,
    json: json && exit !== 'badInput' ? JSON.parse(written.stdout) : null,
  };
}
