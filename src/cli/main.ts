import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import type { CliContext } from './context.ts';
import { exitCodes, type Exit } from './exit-codes.ts';
import { loadEnv } from './load-env.ts';
import { createOutput } from './output.ts';

const examples = `
Try it without a key and without cost:
  $ onetake dev                                              (in one terminal)
  $ onetake generate "A cat naps in the sun" --model kling-v1 --size 1280x720

Exit codes and every command with an example: docs/cli.md`;

const globalFlags = ['--json', '--debug'];

process.exitCode = await main(process.argv.slice(2));

/** argv → command → exit code; nothing else in the project sets one. */
async function main(argv: string[]): Promise<number> {
  const flag = (name: string) => argv.includes(name);
  const output = createOutput({
    json: flag('--json'),
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
  });
  const context: CliContext = { env: process.env, output, debug: flag('--debug') };
  try {
    context.env = loadEnv(process.cwd(), process.env);
    return exitCodes[await runCommand(argv, context)].code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { reportError } = await import('./report-error.ts');
    return exitCodes[reportError(error, context)].code;
  }
}

async function runCommand(argv: string[], context: CliContext): Promise<Exit> {
  let exit: Exit = 'ok';
  const program = createProgram();
  const [first, second] = argv.filter((argument) => !argument.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).summary(summary).description(capitalised(summary));
    if (name !== wanted) continue;
    const run = (await load())(command);
    command.action(async () => {
      exit = await run(context);
    });
  }
  if (argv.every((argument) => globalFlags.includes(argument))) program.outputHelp();
  else await program.parseAsync(argv, { from: 'user' });
  return exit;
}

function createProgram(): Command {
  return new Command('onetake')
    .description('Durable video generation: one paid submit, every paid video delivered.')
    .option('--json', 'one JSON object on stdout, everything else on stderr')
    .option('--debug', 'show stack traces and more logs')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('after', examples)
    .version(readVersion(), '-V, --version')
    .helpCommand('help [command]', 'show help for a command');
}

function readVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(file) as { version: unknown }).version);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
