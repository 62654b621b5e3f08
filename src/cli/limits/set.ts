import { Option, type Command } from 'commander';
import { workerConfig } from '../../config/worker-config.ts';
import type { LimitsChange } from '../../contract/admission.ts';
import {
  limitScopes,
  limitUnits,
  readLimits,
  type LimitName,
  type LimitScope,
  type LimitTexts,
} from '../../contract/read-limits.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { accountOf } from './show.ts';
import { limitLines } from './words.ts';
import { withClient } from '../with-client.ts';

type Flags = LimitTexts & { tag?: string };

const scopeWords: Record<LimitScope, string> = {
  day: 'cap per day (UTC); with --tag, for that tag',
  batch: 'cap per batch, over all its runs',
  run: 'cap per run of a batch',
};
const examples = `
Examples:
  $ onetake limits set --jobs 5 --videos-per-day 200
  $ onetake limits set --tag drafts --seconds-per-day 600
  $ onetake limits set --videos-per-day none

Give a number, or none to remove a limit. Limits that are not named stay. The change applies to new submits on all
workers of this API key. Earlier spending and reservations count.`;

/** `onetake limits set`. */
export function configureLimitsSet(command: Command): Run {
  command.option(
    '--jobs <number>',
    'most jobs at the gateway at once; none restores GATEWAY_MAX_JOBS of the workers',
  );
  for (const scope of limitScopes) {
    for (const unit of limitUnits) {
      command.addOption(new Option(`--${unit}-per-${scope} <number>`, scopeWords[scope]));
    }
  }
  command
    .option('--tag <tag>', 'apply the caps per day to this tag')
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  const change = parseLimits(flags);
  const { env, output } = context;
  const account = accountOf(env);
  if (namesMoney(change) && Object.keys(workerConfig(env).prices).length === 0) {
    output.note(
      output.colors.yellow(
        'warning: GATEWAY_PRICES is not set here; a cap on money refuses videos of models for which the workers have no price',
      ),
    );
  }
  const limits = await withClient(context, (client) => client.limits.set(account, change));
  output.result((colors) => ['Set. All limits now:', ...limitLines(limits, colors)], {
    outcome: 'set',
    limits,
  });
  return 'ok';
}

/** @throws {UsageError} */
export function parseLimits(flags: Flags): LimitsChange {
  const { tag, ...limits } = flags;
  const change = readLimits(limits, {
    ...(tag !== undefined && { tag }),
    fault: (name, problem) => new UsageError(faultWords(flags, name, problem)),
  });
  if (Object.keys(change).length > 0) return change;
  throw new UsageError('No limit given: use e.g. --jobs 5 or --videos-per-day 200');
}

function faultWords(flags: Flags, name: LimitName | 'tag', problem: string): string {
  if (name === 'tag') return `--tag ${problem}, e.g. --tag drafts --videos-per-day 10`;
  return `Cannot use ${flagOf(name)} "${flags[name]}": it ${problem}`;
}

/** `videosPerDay` → `--videos-per-day` */
function flagOf(name: LimitName): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function namesMoney({ perDay, perTag = {}, perBatch, perRun }: LimitsChange): boolean {
  const all = [perDay, perBatch, perRun, ...Object.values(perTag)];
  return all.some((caps) => typeof caps?.money === 'number');
}
