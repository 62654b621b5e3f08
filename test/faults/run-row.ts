import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { VideoOutcome } from '../../src/client.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { fetchEvents } from '../e2e/history.ts';
import { playing } from '../e2e/requests.ts';
import { until, type Harness } from '../e2e/harness.ts';
import { readTold, type Told } from './read-reported.ts';
import { titleOf, type ExpectedFetch, type FaultRow, type Fetch, type Sight } from './fault-row.ts';
import { ledgerOf, type Booked } from './ledger-of.ts';

/** A row that was started in a harness. */
export interface RunningRow {
  row: FaultRow;
  harness: Harness;
  request: VideoRequest;
  videoId: string;
}

/** The result of a row. */
export interface SeenRow extends Sight, Booked {
  told: string[];
  /** Progress in percent, as it was shown one after another. */
  percents: number[];
  strayTimes: string[];
}

/** Longer than the slowest row on two busy cores, one lost submit task included. */
const limitMs = 200_000;
/**
 * A development server under load may hand a task to a poll that is over. That task ends by its time limit and is sent
 * again; with the usual 180 s the row would not end within its own limit.
 */
const submitLimitMs = 60_000;
/** `wait` returns at once if a person may have to decide. */
const lookAgainMs = 1_000;
/** A file has some 50 KB: more than any error body, less than any part of a file. */
const slackFiles = 0.01;

/** The request of a row; its prompt is no other row's. */
export function requestOf(row: FaultRow): VideoRequest {
  const { format, body } = playing(row.scenario, row.format);
  const prefix = row.runWide ? '' : `[sandbox: ${row.scenario}] `;
  return { format, body: { ...(row.body ?? body), prompt: `${prefix}a cat, ${titleOf(row)}` } };
}

/** Starts a row as any service would. */
export async function startRow(harness: Harness, row: FaultRow): Promise<RunningRow> {
  const { deadlineMs, sendAnyway, submitTimeoutMs = submitLimitMs } = row;
  const request = requestOf(row);
  const { videoId } = await harness.client.start(request, {
    ...(deadlineMs !== undefined && { deadlineMs }),
    submitTimeoutMs,
    ...(sendAnyway && { sendAnyway }),
  });
  return { row, harness, request, videoId };
}

/** Waits for the outcome of a row, and reads its records at gateway, server and storage. */
export async function finishRow(running: RunningRow): Promise<SeenRow> {
  const outcome = await until(
    `an outcome of "${titleOf(running.row)}"`,
    () => readOutcome(running),
    limitMs,
  ).catch(async (error: unknown) => {
    throw new Error(await stateOf(running), { cause: error });
  });
  const told = await readTold(running.harness, running.videoId);
  return {
    ...ledgerOf(running),
    ...sightOf(outcome, { told, row: running.row }),
    delivered: await isDelivered(running.harness, outcome),
    told: [...told.words, ...wordsOf(outcome)],
    percents: told.percents,
    strayTimes: told.strayTimes,
  };
}

/** The differences from the row, and violations of what holds for all rows; empty if there are none. */
export function deviations(row: FaultRow, seen: SeenRow): string[] {
  const keys = ['posts', 'paid', 'outcome', 'kind', 'billed', 'delivered'] as const;
  const differing = keys
    .filter((key) => row[key] !== seen[key])
    .map((key) => `${key}: expected ${row[key]}, saw ${seen[key]}`);
  const { waitsMs = 0 } = row;
  const untold = textsOf(row).filter((text) => !seen.told.some((words) => words.includes(text)));
  return [
    ...differing,
    ...(differing.length > 0 ? [`told: ${JSON.stringify(seen.told)}`] : []),
    ...untold.map((text) => `told: expected "${text}", saw ${JSON.stringify(seen.told)}`),
    ...(seen.waitedMs >= waitsMs
      ? []
      : [`waits: expected ${waitsMs} ms, saw ${Math.round(seen.waitedMs)} ms`]),
    ...(row.fetch ? fetchDeviations(row.fetch, seen.fetch) : []),
    ...brokenLaws(row, seen),
  ];
}

function fetchDeviations({ requests, files }: ExpectedFetch, seen: Fetch): string[] {
  const [least, most] = typeof files === 'number' ? [files, files] : files;
  const isWithin = seen.files >= least - slackFiles && seen.files <= most + slackFiles;
  return [
    ...(seen.requests === requests ? [] : [`requests: expected ${requests}, saw ${seen.requests}`]),
    ...(isWithin ? [] : [`files: expected ${least} to ${most}, saw ${seen.files}`]),
  ];
}

function textsOf({ tells = [] }: FaultRow): readonly string[] {
  return typeof tells === 'string' ? [tells] : tells;
}

/** Of money and progress, over any outcome whatever. */
function brokenLaws({ fetch }: FaultRow, seen: SeenRow): string[] {
  const { paid, kept, outcome, billed, delivered, percents, strayTimes } = seen;
  const isVisible = delivered || ['unresolved', 'overdue', 'delivering'].includes(outcome);
  const laws: [string, boolean][] = [
    ['more than one paid job for one request', paid <= 1],
    ['a paid job that nobody can see', kept === 0 || isVisible || billed !== 'no'],
    ['billed "no" beside a job that was not refunded', kept === 0 || billed !== 'no'],
    ['billed "yes" without a paid job', paid === 1 || billed !== 'yes'],
    ['progress that goes backwards', percents.every((now, nth) => now >= (percents[nth - 1] ?? 0))],
    // Of a download that fails, the job itself came to its end.
    ['100 % without a video', delivered || fetch !== undefined || !percents.includes(100)],
    [`a time outside of the run: ${strayTimes.join(', ')}`, strayTimes.length === 0],
  ];
  return laws.filter(([, holds]) => !holds).map(([law]) => law);
}

/** What a run was doing when it timed out. */
async function stateOf({ row, harness, videoId }: RunningRow): Promise<string> {
  const events = await fetchEvents(harness, videoId);
  const { raw } = await harness.temporal.workflow.getHandle(videoId).describe();
  const pending = (raw.pendingActivities ?? []).map(
    ({ activityType, attempt, state, lastFailure }) =>
      `${activityType?.name} attempt ${attempt}, state ${state}, last failure: ${lastFailure?.message ?? 'none'}`,
  );
  const times = events.map(
    ({ eventTime, eventType }) => `${new Date(tsToMs(eventTime)).toISOString()} ${eventType}`,
  );
  return [`"${titleOf(row)}" did not end.`, ...pending, ...times].join('\n');
}

/** Null while there is more to come. */
async function readOutcome(running: RunningRow): Promise<VideoOutcome | null> {
  const { row, harness, videoId } = running;
  const outcome = await harness.client.wait(videoId, { timeoutMs: 5_000 });
  if (outcome.outcome !== 'pending') return outcome;
  // The search attributes, which are available when a busy worker does not answer, contain only the phase.
  if (!outcome.status.live) return null;
  if (isFinal(row, outcome)) return outcome;
  if (outcome.reason === 'unresolved' && ledgerOf(running).posts > row.posts) return outcome;
  await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  return null;
}

/** A row may end beyond `overdue`; a row whose records are read ends only when they show what the row expects. */
function isFinal(
  row: FaultRow,
  { reason, status }: VideoOutcome & { outcome: 'pending' },
): boolean {
  if (reason === 'limit') return false;
  if (reason === 'overdue') return row.outcome === 'overdue';
  if (row.records === undefined) return true;
  const findings = status.unresolved?.findings.join() ?? '';
  return row.outcome === 'unresolved' && textsOf(row).every((text) => findings.includes(text));
}

function sightOf(
  outcome: VideoOutcome,
  { told, row }: { told: Told; row: FaultRow },
): Pick<Sight, 'outcome' | 'kind' | 'billed'> {
  switch (outcome.outcome) {
    case 'stored': {
      const [kind] = row.fetch ? told.failedDownloads : told.waitedOut;
      return { outcome: 'stored', billed: outcome.result.billed, ...(kind && { kind }) };
    }
    case 'failed': {
      const { kind, billed } = outcome.failure;
      return { outcome: 'failed', kind, billed };
    }
    case 'pending': {
      const { reason, status } = outcome;
      const kind = status.unresolved?.failure.kind;
      if (reason === 'limit') throw new Error('Nothing came of it');
      return { outcome: reason, billed: status.billed, ...(kind && { kind }) };
    }
    case 'cancelled':
      throw new Error('Nobody cancelled it');
  }
}

function wordsOf(outcome: VideoOutcome): string[] {
  const failure =
    outcome.outcome === 'failed'
      ? outcome.failure
      : outcome.outcome === 'pending'
        ? outcome.status.unresolved?.failure
        : undefined;
  const warnings = outcome.outcome === 'stored' ? outcome.result.warnings : [];
  const findings = outcome.outcome === 'stored' ? outcome.result.video.warnings : [];
  const requestId = failure?.requestId && `request id ${failure.requestId}`;
  return [
    failure?.message,
    failure?.gatewayMessage,
    requestId,
    ...warnings.map(({ field }) => field),
    ...findings,
  ].filter((words) => words !== undefined);
}

async function isDelivered({ env }: Harness, outcome: VideoOutcome): Promise<boolean> {
  if (outcome.outcome !== 'stored') return false;
  const { key, sha256 } = outcome.result.video;
  const file = await readFile(join(env.STORAGE_URL, key)).catch(() => Buffer.alloc(0));
  return createHash('sha256').update(file).digest('hex') === sha256;
}
