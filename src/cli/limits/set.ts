import { Option, type Command } from 'commander';
import { workerConfig } from '../../config/worker-config.ts';
import type { CapsChange, LimitsChange } from '../../contract/admission.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { accountOf } from './show.ts';
import { limitLines } from './words.ts';
import { withClient } from '../with-client.ts';

const units = ['videos', 'seconds', 'money'] as const;
const scopes = ['day', 'batch', 'run'] as const;
type Unit = (typeof units)[number];
type Scope = (typeof scopes)[number];

type Flags = { jobs?: string; tag?: string } & {
  [name in `${Unit}Per${Capitalize<Scope>}`]?: string;
};

const scopeWords: Record<Scope, string> = {
  day: 'cap per day (UTC); with --tag, for that tag',
  batch: 'cap per batch, over all its runs',
  run: 'cap per run of a batch',
};
const field = { day: 'Day', batch: 'Batch', run: 'Run' } as const;

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
  for (const scope of scopes) {
    for (const unit of units) {
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
  const { jobs: jobsText, tag } = flags;
  const jobs = limitOf('--jobs', jobsText);
  if (typeof jobs === 'number') demandWhole('--jobs', jobs);
  const [day, batch, run] = scopes.map((scope) => capsOf(scope, flags));
  if (tag !== undefined && (tag.trim() === '' || !day)) {
    throw new UsageError(
      '--tag needs a name, and a cap per day, e.g. --tag drafts --videos-per-day 10',
    );
  }
  const change = {
    ...(jobs !== undefined && { jobs }),
    ...(day && (tag === undefined ? { perDay: day } : { perTag: { [tag]: day } })),
    ...(batch && { perBatch: batch }),
    ...(run && { perRun: run }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new UsageError('No limit given: use e.g. --jobs 5 or --videos-per-day 200');
}

function capsOf(scope: Scope, flags: Flags): CapsChange | undefined {
  const caps: CapsChange = {};
  for (const unit of units) {
    const flag = `--${unit}-per-${scope}`;
    const cap = limitOf(flag, flags[`${unit}Per${field[scope]}`]);
    if (cap === undefined) continue;
    if (unit === 'videos' && cap !== null) demandWhole(flag, cap);
    caps[unit] = cap;
  }
  return Object.keys(caps).length > 0 ? caps : undefined;
}

/** Null for `none`. */
function limitOf(flag: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const limit = Number(text);
  if (/^\d+(\.\d+)?$/.test(text)) return limit;
  throw new UsageError(`Cannot use ${flag} "${text}": it must be a number from 0, or none`);
}

function demandWhole(flag: string, limit: number): void {
  if (Number.isInteger(limit)) return;
  throw new UsageError(`Cannot use ${flag} "${limit}": it must be a whole number`);
}

function namesMoney({ perDay, perTag = {}, perBatch, perRun }: LimitsChange): boolean {
  const all = [perDay, perBatch, perRun, ...Object.values(perTag)];
  return all.some((caps) => typeof caps?.money === 'number');
}
