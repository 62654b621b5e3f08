import type { Command } from 'commander';
import type { CliContext, Run } from '../context.ts';
import type { Check } from './doctor-check.ts';
import { runChecks } from './doctor-checks.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';

const examples = `
Example:
  $ onetake doctor

Costs nothing: it checks the API key by reading the list of models. Exits with 0 only if all checks pass.`;

/** `onetake doctor`: checks everything that a video needs. */
export function configureDoctor(command: Command): Run {
  command.addHelpText('after', examples);
  return run;
}

async function run({ env, output }: CliContext): Promise<Exit> {
  const checks: Check[] = [];
  const { colors, isTerminal, json } = output;
  for await (const check of runChecks(env)) {
    checks.push(check);
    if (isTerminal && !json) output.note(checkLines(check, colors).join('\n'));
  }
  const ok = checks.every((check) => check.ok);
  const end = ok ? 'All checks passed.' : `${checks.filter((check) => !check.ok).length} failed.`;
  output.result(
    (stdoutColors) => [
      ...(isTerminal ? [] : checks.flatMap((check) => checkLines(check, stdoutColors))),
      end,
    ],
    { ok, checks },
  );
  return ok ? 'ok' : 'failed';
}

function checkLines({ name, ok, found, toDo }: Check, colors: Colors): string[] {
  const mark = ok ? colors.green('✓') : colors.red('✗');
  return [
    `${mark} ${name.padEnd(18)} ${found}`,
    ...(toDo === undefined ? [] : [`  ${' '.repeat(18)} ${colors.yellow(toDo)}`]),
  ];
}
