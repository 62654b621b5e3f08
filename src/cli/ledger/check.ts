import { admissionId } from '../../identity/admission-id.ts';
import type { VideoClient } from '../../client.ts';
import { ConfigError } from '../../config/settings.ts';
import { gatewayConfig } from '../../config/gateway-config.ts';
import { storageConfig } from '../../config/storage-config.ts';
import type { LedgerWindow } from '../../contract/ledger.ts';
import { settlingMs, type Differences, type LedgerCheck } from '../../contract/ledger-check.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { createStorage } from '../../storage/create-storage.ts';
import { checkLedger } from '../../storage/records/check-ledger.ts';
import { UsageError, type CliContext } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';
import { parseDuration } from '../schedule/times.ts';
import { withClient } from '../with-client.ts';

/** For all pages of one part of the log. */
const timeoutMs = 60_000;
/** `--json` has all. */
const shownDifferences = 20;

export interface CheckFlags {
  since: string;
  until?: string;
  every?: string;
  stop?: true;
  yes?: true;
}

interface Checking {
  window: () => LedgerWindow;
  context: CliContext;
}

/** `onetake ledger --check`: once, or on a schedule. Exits with 1 if there are differences. */
export async function runCheck(flags: CheckFlags, { window, context }: Checking): Promise<Exit> {
  if (flags.stop) return stop(context);
  if (flags.every !== undefined) return schedule(flags, context);
  const check = await compare(settledPart(window()), context);
  const differences = check.unknownLocally.count + check.missingAtGateway.count;
  const report = differences === 0 ? context.output.result : context.output.badResult;
  const outcome = differences === 0 ? 'equal' : 'different';
  report((colors) => checkLines(check, colors), { outcome, ...check });
  return differences === 0 ? 'ok' : 'failed';
}

/** Recent submits cannot be compared yet. */
function settledPart({ fromMs, toMs }: LedgerWindow): LedgerWindow {
  const part = { fromMs, toMs: Math.min(toMs, Date.now() - settlingMs) };
  if (part.fromMs < part.toMs) return part;
  throw new UsageError(
    `The last ${settlingMs / 60_000} minutes cannot be checked yet: give an earlier --since`,
  );
}

async function compare(window: LedgerWindow, context: CliContext): Promise<LedgerCheck> {
  const settings = gatewayConfig(context.env);
  const gateway = createGateway(settings);
  if (!gateway.canSearch) {
    throw new ConfigError(
      "GATEWAY_ACCESS_TOKEN is not set: set it to the personal access token from the gateway's dashboard",
    );
  }
  const storage = await createStorage(storageConfig(context.env));
  return withClient(context, (client) =>
    checkLedger(
      {
        storage,
        gateway: gateway.origin,
        account: admissionId({ gateway: gateway.origin, key: settings.apiKey }),
        ...searches(gateway, client),
      },
      window,
    ),
  );
}

function searches(gateway: Gateway, client: VideoClient) {
  return {
    findJobs: (piece: LedgerWindow) => gateway.findOwnJobs(piece, { timeoutMs }),
    isKnown: (jobId: string) => client.ledger.knowsJob(jobId),
  };
}

async function schedule(flags: CheckFlags, context: CliContext): Promise<Exit> {
  const { since, until, every = '', yes } = flags;
  if (until !== undefined)
    throw new UsageError('--every cannot go with --until: each check looks back --since');
  const sinceMs = parseDuration('--since', since);
  const everyMs = parseDuration('--every', every);
  if (sinceMs <= settlingMs || sinceMs < everyMs) {
    throw new UsageError(
      `Cannot check the last ${since} every ${every}: --since must be longer than ${settlingMs / 60_000}m, and not shorter than --every`,
    );
  }
  if (!yes) {
    context.output.result(
      () => [
        `Would check the last ${since} every ${every}. Nothing was scheduled; add --yes to schedule it.`,
      ],
      { outcome: 'dry_run', sinceMs, everyMs },
    );
    return 'ok';
  }
  const { outcome } = await withClient(context, (client) =>
    client.ledger.scheduleCheck({ sinceMs, everyMs }),
  );
  const words = outcome === 'created' ? 'Created' : 'Updated';
  context.output.result(() => [`${words}: the workers check the last ${since} every ${every}.`], {
    outcome,
    sinceMs,
    everyMs,
  });
  return 'ok';
}

async function stop(context: CliContext): Promise<Exit> {
  const { outcome } = await withClient(context, (client) => client.ledger.stopChecks());
  const words = outcome === 'deleted' ? 'Deleted the schedule of checks.' : 'There is no schedule.';
  context.output.result(() => [words], { outcome });
  return 'ok';
}

function checkLines(check: LedgerCheck, colors: Colors): string[] {
  const { from, to, jobsThere, jobsHere, unknownLocally, missingAtGateway, unresolved } = check;
  return [
    field('window', `${from} to ${to}`, colors),
    field('jobs', `${jobsThere} in the gateway's records, ${jobsHere} paid from here`, colors),
    ...listLines('unknown locally', unknownLocally, {
      colors,
      advice:
        'made elsewhere on this account, or by an unresolved submit; `onetake adopt <job id>` delivers a job',
      line: ({ jobId, submittedAt, model = '' }) => `${submittedAt}  ${jobId}  ${model}`,
    }),
    ...listLines('missing at gateway', missingAtGateway, {
      colors,
      advice: 'the gateway accepted these jobs but does not list them: contact its support',
      line: ({ jobId = '', at, model = '', videoId }) => `${at}  ${jobId}  ${model}  ${videoId}`,
    }),
    ...listLines('unresolved', unresolved, {
      colors,
      advice: 'may have been billed; `onetake unresolved` lists those that need a decision',
      line: ({ at, model = '', videoId }) => `${at}  ${model}  ${videoId}`,
    }),
    ...(unknownLocally.count + missingAtGateway.count === 0
      ? [colors.green('No difference.')]
      : []),
  ];
}

interface ListWords<T> {
  colors: Colors;
  advice: string;
  line: (item: T) => string;
}

function listLines<T>(
  name: string,
  { count, listed }: Differences<T>,
  { colors, advice, line }: ListWords<T>,
): string[] {
  if (count === 0) return [];
  const more = count - Math.min(listed.length, shownDifferences);
  return [
    field(name, `${count}: ${advice}`, colors),
    ...listed.slice(0, shownDifferences).map((item) => `  ${line(item)}`),
    ...(more > 0 ? [colors.dim(`  and ${more} more`)] : []),
  ];
}
