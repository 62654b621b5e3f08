import type { Command } from 'commander';
import { storageConfig } from '../../config/storage-config.ts';
import {
  ledgerGroups,
  ledgerTotal,
  totalsBy,
  withRuns,
  type LedgerEntry,
  type LedgerGroup,
  type LedgerWindow,
} from '../../contract/ledger.ts';
import { entriesCsv, totalsCsv } from '../../manifest/ledger-text.ts';
import { createStorage } from '../../storage/create-storage.ts';
import { readLedger } from '../../storage/records/read-ledger.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { runCheck, type CheckFlags } from './check.ts';
import { ledgerLines } from './view.ts';
import { parseDuration, parseMoment } from '../schedule/times.ts';
import { withClient } from '../with-client.ts';

interface LedgerFlags extends CheckFlags {
  by?: string;
  csv?: true;
  check?: true;
}

const examples = `
Examples:
  $ onetake ledger --since 30d --by model
  $ onetake ledger --since 2026-11-01 --until 2026-12-01 --csv > november.csv
  $ onetake ledger --check                        (compares with the gateway's records)
  $ onetake ledger --check --every 1d --yes       (creates or changes the schedule)
  $ onetake ledger --check --stop

Submits that certainly cost nothing are left out. If billed is maybe, look in the gateway's console.`;

/** `onetake ledger`: what was paid, from claims and videos, with the states of runs if Temporal is reachable. */
export function configureLedger(command: Command): Run {
  command
    .option('--since <time>', 'start: a duration like 12h or 7d, or a date', '7d')
    .option('--until <date>', 'end, exclusive (default: now)')
    .option('--by <group>', `show sums by ${ledgerGroups.join(', ')}`)
    .option('--csv', 'print CSV')
    .option('--check', "reconcile with the gateway's records; needs GATEWAY_ACCESS_TOKEN")
    .option('--every <duration>', 'with --check: run it in the workers on a schedule, e.g. 1d')
    .option('--stop', 'with --check: delete the schedule')
    .option('--yes', 'with --every: create or change the schedule')
    .addHelpText('after', examples);
  return (context) => run(command.opts<LedgerFlags>(), context);
}

async function run(flags: LedgerFlags, context: CliContext): Promise<Exit> {
  const group = groupOf(flags);
  const { every, stop, yes } = flags;
  if (flags.check) return runCheck(flags, { window: () => windowOf(flags), context });
  if (every !== undefined || stop || yes) {
    throw new UsageError('--every, --stop and --yes need --check');
  }
  const window = windowOf(flags);
  const storage = await createStorage(storageConfig(context.env));
  const entries = await addRuns(await readLedger(storage, window), context);
  const totals = group && totalsBy(entries, group);
  const all = ledgerTotal('all', entries);
  context.output.result(
    (colors) => {
      if (flags.csv) return [(totals ? totalsCsv(totals) : entriesCsv(entries)).trimEnd()];
      return ledgerLines({ entries, totals, group, all }, colors);
    },
    { ...isoWindow(window), ...(totals ? { by: group, totals } : { entries }), total: all },
  );
  return 'ok';
}

function groupOf({ by, csv, check }: LedgerFlags): LedgerGroup | undefined {
  if (check && (by !== undefined || csv))
    throw new UsageError('--check cannot go with --by or --csv');
  const group = ledgerGroups.find((name) => name === by);
  if (by === undefined || group) return group;
  throw new UsageError(`Cannot use --by "${by}": it must be one of ${ledgerGroups.join(', ')}`);
}

/** @throws {UsageError} */
function windowOf({ since, until }: LedgerFlags): LedgerWindow {
  const nowMs = Date.now();
  const toMs = until === undefined ? nowMs : parseMoment('--until', until).getTime();
  const fromMs = /^\d+[a-z]$/.test(since)
    ? nowMs - parseDuration('--since', since)
    : parseMoment('--since', since).getTime();
  if (fromMs < toMs) return { fromMs, toMs };
  throw new UsageError(
    `Empty time range: --since "${since}" is not before --until "${until ?? 'now'}"`,
  );
}

function isoWindow({ fromMs, toMs }: LedgerWindow) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** Adds the states of runs. Without Temporal, the entries of the storage stay as they are. */
async function addRuns(
  entries: readonly LedgerEntry[],
  context: CliContext,
): Promise<readonly LedgerEntry[]> {
  try {
    return await withRuns(entries, (videoIds) =>
      withClient(context, (client) => client.ledger.runs(videoIds)),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.output.note(`Shown from the storage alone, without the states of runs: ${reason}`);
    return entries;
  }
}
