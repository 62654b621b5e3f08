import { Command, CommanderError } from 'commander';
import { commands, type CommandGroup } from './commands.ts';
import { UsageError, type CliContext, type CommandEntry, type Run } from './context.ts';
import { exitCodes, type Exit } from './exit-codes.ts';
import { addExtraAuthorities } from './extra-authorities.ts';
import { loadEnv } from './load-env.ts';
import { createOutput } from './output.ts';
import { readVersion } from './version.ts';

const examples = `
Try it without an API key and at no cost:
  $ onetake dev                                              (in one terminal)
  $ onetake generate "A cat naps in the sun" --model kling-v1 --size 1280x720

Exit codes and every command with an example: docs/cli.md`;

const globalFlags = ['--json', '--debug'];

// EIO means that the terminal was closed. The command must still shut down in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EIO') throw error;
  });
}
process.exitCode = await main(process.argv.slice(2));

/** The only place that sets an exit code. */
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
    context.env = loadEnv(process.cwd(), process.env, wordsOf(argv)[0]);
    const note = addExtraAuthorities({ env: context.env, atStart: process.env });
    if (note !== undefined) output.note(note);
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
  const words = wordsOf(argv);
  const wanted = words[0] === 'help' ? words.slice(1) : words;
  await addCommands(program, commands, {
    wanted,
    run: async (command) => {
      exit = await command(context);
    },
  });
  if (argv.every((argument) => globalFlags.includes(argument))) program.outputHelp();
  else await program.parseAsync(argv, { from: 'user' });
  return exit;
}

function wordsOf(argv: string[]): string[] {
  return argv.filter((argument) => !argument.startsWith('-'));
}

interface Loading {
  /** Words of the command line. Only the modules of these commands are loaded. */
  wanted: readonly string[];
  run: (command: Run) => Promise<void>;
}

async function addCommands(
  parent: Command,
  entries: Readonly<Record<string, CommandEntry | CommandGroup>>,
  { wanted: [wanted, ...rest], run }: Loading,
): Promise<void> {
  for (const [name, entry] of Object.entries(entries)) {
    const { summary } = entry;
    const isFormer = 'formerly' in entry && wanted !== undefined && entry.formerly === wanted;
    const command = parent
      .command(isFormer ? wanted : name)
      .summary(summary)
      .description(capitalised(summary));
    if (name !== wanted && !isFormer) continue;
    if ('load' in entry) {
      const configured = (await entry.load())(command);
      command.action(() => run(configured));
    } else {
      await addCommands(command, entry.commands, { wanted: rest, run });
      const alone = await entry.alone?.().then((configure) => configure(command));
      command.allowExcessArguments().action(() => {
        const [given] = command.args;
        return alone && given === undefined ? run(alone) : refuse(name, given, entry);
      });
    }
  }
}

function refuse(name: string, given: string | undefined, { commands: known }: CommandGroup): never {
  const what = given === undefined ? 'Missing subcommand' : `Unknown command "${name} ${given}"`;
  throw new UsageError(`${what}: onetake ${name} ${Object.keys(known).join(' | ')}`);
}

function createProgram(): Command {
  return new Command('onetake')
    .description('Durable video generation: submit once, deliver every paid video.')
    .option('--json', 'print one JSON object on stdout, everything else on stderr')
    .option('--debug', 'show stack traces and more logs')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('after', examples)
    .version(readVersion(), '-V, --version')
    .helpCommand('help [command]', 'show help for a command');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
