import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoOutcome } from '../../src/client.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { playing } from '../e2e/requests.ts';
import { until, type Stage } from '../e2e/stage.ts';
import { readTold, type Told } from './read-told.ts';
import { titleOf, type FaultRow, type Sight } from './fault-row.ts';

/** A row that was started on a stage. */
export interface RunningRow {
  row: FaultRow;
  stage: Stage;
  request: VideoRequest;
  videoId: string;
}

/** What came of a row. */
export interface SeenRow extends Sight {
  /** Least time between two POSTs, milliseconds; Infinity with one. */
  waitedMs: number;
  told: string[];
}

/** Longer than the slowest row on two busy cores. */
const limitMs = 150_000;

/** The request of a row; its prompt is no other row's. */
export function requestOf(row: FaultRow): VideoRequest {
  const { format, body } = playing(row.scenario, row.format);
  const prefix = row.runWide ? '' : `[sandbox: ${row.scenario}] `;
  return { format, body: { ...(row.body ?? body), prompt: `${prefix}a cat, ${titleOf(row)}` } };
}

/** Starts a row as any service would. */
export async function startRow(stage: Stage, row: FaultRow): Promise<RunningRow> {
  const { deadlineMs, submitTimeoutMs } = row;
  const request = requestOf(row);
  const { videoId } = await stage.client.start(request, {
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(submitTimeoutMs !== undefined && { submitTimeoutMs }),
  });
  return { row, stage, request, videoId };
}

/** Waits for the outcome of a row, and reads what gateway, server and storage hold of it. */
export async function finishRow(running: RunningRow): Promise<SeenRow> {
  const outcome = await until(
    `an outcome of "${titleOf(running.row)}"`,
    () => readOutcome(running),
    limitMs,
  );
  const told = await readTold(running.stage, running.videoId);
  const postedAt = postsOf(running).map(({ at }) => at);
  const gaps = postedAt.slice(1).map((at, nth) => at - (postedAt[nth] ?? 0));
  return {
    posts: postedAt.length,
    paid: paidJobsOf(running).length,
    ...sightOf(outcome, told),
    delivered: await isDelivered(running.stage, outcome),
    waitedMs: Math.min(...gaps),
    told: [...told.words, ...wordsOf(outcome)],
  };
}

/** What differs from the row, and what no row may ever do; empty when all is as it must be. */
export function deviations(row: FaultRow, seen: SeenRow): string[] {
  const keys = ['posts', 'paid', 'outcome', 'kind', 'billed', 'delivered'] as const;
  const differing = keys
    .filter((key) => row[key] !== seen[key])
    .map((key) => `${key}: expected ${row[key]}, saw ${seen[key]}`);
  const { tells, waitsMs = 0 } = row;
  return [
    ...differing,
    ...(tells === undefined || seen.told.some((words) => words.includes(tells))
      ? []
      : [`told: expected "${tells}", saw ${JSON.stringify(seen.told)}`]),
    ...(seen.waitedMs >= waitsMs
      ? []
      : [`waits: expected ${waitsMs} ms, saw ${Math.round(seen.waitedMs)} ms`]),
    ...brokenLaws(seen),
  ];
}

/** Of money, over any outcome whatever. */
function brokenLaws({ paid, outcome, billed, delivered }: SeenRow): string[] {
  const isVisible = delivered || outcome === 'unresolved' || outcome === 'overdue';
  const laws: [string, boolean][] = [
    ['more than one paid job for one request', paid <= 1],
    ['a paid job that nobody can see', paid === 0 || isVisible || billed !== 'no'],
    ['billed "no" beside a paid job', paid === 0 || billed !== 'no'],
    ['billed "yes" without a paid job', paid === 1 || billed !== 'yes'],
  ];
  return laws.filter(([, holds]) => !holds).map(([law]) => law);
}

/** Null while there is more to come: a row that ends after its deadline goes on beyond `overdue`. */
async function readOutcome({ row, stage, videoId }: RunningRow): Promise<VideoOutcome | null> {
  const outcome = await stage.client.wait(videoId, { timeoutMs: 5_000 });
  if (outcome.outcome !== 'pending') return outcome;
  if (outcome.reason === 'limit') return null;
  return outcome.reason === 'overdue' && row.outcome !== 'overdue' ? null : outcome;
}

function sightOf(
  outcome: VideoOutcome,
  { waitedOut }: Told,
): Pick<Sight, 'outcome' | 'kind' | 'billed'> {
  switch (outcome.outcome) {
    case 'stored': {
      const [kind] = waitedOut;
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
  return [failure?.message, failure?.gatewayMessage, ...warnings.map(({ field }) => field)].filter(
    (words) => words !== undefined,
  );
}

/** An early reset leaves no body to tell whose it was: only the scenario, which no other row sets run-wide. */
function postsOf({ row, stage, request }: RunningRow) {
  const [name = ''] = row.scenario.split('=');
  return stage.gateway.ledger.posts.filter(({ body, scenarios }) =>
    body === null
      ? row.runWide === true && scenarios.includes(name)
      : body['prompt'] === request.body.prompt,
  );
}

function paidJobsOf({ stage, request }: RunningRow) {
  return stage.gateway.ledger.paidJobs.filter(({ prompt }) => prompt === request.body.prompt);
}

async function isDelivered({ env }: Stage, outcome: VideoOutcome): Promise<boolean> {
  if (outcome.outcome !== 'stored') return false;
  const { key, sha256 } = outcome.result.video;
  const file = await readFile(join(env.STORAGE_DIR, key)).catch(() => Buffer.alloc(0));
  return createHash('sha256').update(file).digest('hex') === sha256;
}
