import { createHmac, randomBytes } from 'node:crypto';
import { chooseFor } from './scenarios/choose-scenario.ts';
import type { CreateRequest, Generation } from './create-request.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayClock } from './gateway-clock.ts';
import type { Course, Job, Row } from './job.ts';
import { isFinished, lifeOf, rowAt, usualLifeMs } from './life.ts';
import { chooseMedia } from './media-library.ts';
import type { Origins } from './scenarios/scenario.ts';
import type { Store } from './store.ts';
import type { VendorPlan } from './vendors/vendor-plan.ts';
import { priceOf } from './vendors/vendor-request.ts';

/** State shared by the routes of a run. */
export interface Runtime {
  clock: GatewayClock;
  store: Store;
  origins: Origins;
  apiKey: string;
  /** Of the dashboard. */
  accessToken: string;
  generation: Generation;
  /** Price ratio of the API key's group. */
  groupRatio: number;
  keepsUploads: boolean;
}

/** Finds a stored row; hidden ones have none. */
export function findJob(runtime: Runtime, id: string): Job | null {
  const job = runtime.store.job(id);
  return job === undefined || job.kind === 'hidden' ? null : job;
}

/** Scenario texts for a request, most specific first: its header, its job, the run. */
export function scenarioTexts(runtime: Runtime, job: Job, exchange?: Exchange): string[] {
  const header = exchange?.headers['x-sandbox-scenario'] ?? '';
  return [header, job.scenario, runtime.store.state.scenario];
}

/** The same for requests about the account: header, newest create, run. */
export function latestTexts({ store: { state } }: Runtime, exchange: Exchange): string[] {
  const latest = state.ledger.posts.at(-1)?.scenarios ?? [];
  return [exchange.headers['x-sandbox-scenario'] ?? '', ...latest, state.scenario];
}

/** The current row of a job, on the course of its poll scenario. */
export function rowOf(runtime: Runtime, job: Job, exchange?: Exchange): Row {
  const chosen = chooseFor('poll', scenarioTexts(runtime, job, exchange));
  const course = courseOf(job, chosen);
  const lagMs = chosen?.scenario.lagMs?.(chosen);
  const lateMs = lagMs === undefined ? 0 : lagMs * placeInRound(runtime, job);
  const elapsedMs = runtime.clock.since(job.submittedAt) - lateMs;
  return rowAt({ job, course, elapsedMs }, (gatewayMs) =>
    Math.round(runtime.clock.stampAt(job.submittedAt, gatewayMs)),
  );
}

/** Gateway milliseconds until a job ends; 0 or less if it has. */
export function untilEnd(runtime: Runtime, job: Job): number {
  const course = courseOf(job, chooseFor('poll', scenarioTexts(runtime, job)));
  return lifeOf({ job, course }) - runtime.clock.since(job.submittedAt);
}

function courseOf(job: Job, chosen: ReturnType<typeof chooseFor<'poll'>>): Course {
  const usual = { end: job.takenBack === true ? ('failure' as const) : ('success' as const) };
  return chosen?.scenario.course?.(chosen) ?? usual;
}

/**
 * Number of jobs that the gateway polls before it has this job's state, including it: older jobs that still run. The
 * number never grows while the job runs, so that no status goes backwards.
 */
function placeInRound(runtime: Runtime, job: Job): number {
  const { clock, store } = runtime;
  const now = Math.min(clock.now(), clock.stampAt(job.submittedAt, usualLifeMs));
  const runsNow = ({ submittedAt }: Job): boolean =>
    submittedAt <= now && clock.stampAt(submittedAt, usualLifeMs) >= now;
  const older = store.state.jobs.filter((each) => each.rowNumber < job.rowNumber && runsNow(each));
  return older.length + 1;
}

/** Refunds all jobs that failed since the last call. What shows the balance calls it. */
export function settle(runtime: Runtime): void {
  for (const job of runtime.store.state.jobs) settleJob(runtime, job);
}

/** Refunds a job if it failed. */
export function settleJob(runtime: Runtime, job: Job): void {
  const paid = runtime.store.paidJob(job.id);
  if (paid === undefined || paid.refunded || !rowOf(runtime, job).refund) return;
  paid.refunded = true;
  runtime.store.state.ledger.balance += paid.price;
  runtime.store.saveSoon();
}

/** Jobs of the account that have not ended. */
export function runningJobs(runtime: Runtime): number {
  return runtime.store.state.jobs.filter((job) => !isFinished(rowOf(runtime, job))).length;
}

/** Charges the account, starts the vendor's job, stores the row. */
export function acceptJob(
  runtime: Runtime,
  { request, plan, scenario }: { request: CreateRequest; plan: VendorPlan; scenario: string },
  changes: Partial<Pick<Job, 'id' | 'kind'>>,
): Job {
  const { state } = runtime.store;
  const price = priceOf(request, { plan, groupRatio: runtime.groupRatio });
  const job: Job = {
    id: `task_${randomId()}`,
    rowNumber: state.nextRow++,
    format: request.format,
    family: request.family,
    model: request.model,
    prompt: request.prompt,
    submittedAt: runtime.clock.now(),
    price,
    vendorId: '',
    scenario,
    kind: 'normal',
    mediaFile: chooseMedia(plan),
    seconds: plan.madeSeconds,
    size: request.size ?? `${plan.width}x${plan.height}`,
    urlIssues: [],
    urlExpired: false,
    ...(runtime.generation === 'plugins' && { onPluginHost: true as const }),
    ...changes,
  };
  if (job.kind !== 'hollow')
    job.vendorId = startVendorJob(runtime, { request, plan, jobId: job.id });
  state.jobs.push(job);
  state.ledger.balance -= price;
  state.ledger.paidJobs.push({
    jobId: job.id,
    format: job.format,
    model: job.model,
    prompt: job.prompt,
    at: job.submittedAt,
    price,
    refunded: false,
    hidden: job.kind === 'hidden',
    ...(plan.made && { made: plan.made }),
  });
  return job;
}

/** Starts a vendor job, paid or not. */
export function startVendorJob(
  runtime: Runtime,
  { request, plan, jobId }: { request: CreateRequest; plan: VendorPlan; jobId: string | null },
): string {
  const vendorId = `video_${randomBytes(20).toString('hex')}`;
  runtime.store.state.ledger.vendorJobs.push({
    vendorId,
    jobId,
    family: request.family,
    model: request.model,
    at: runtime.clock.now(),
    sent: plan.sent,
    dropped: plan.dropped,
  });
  return vendorId;
}

/** Counts a request of an identity for a scenario, from 1. */
export function countUp(runtime: Runtime, identity: string): number {
  const { counts } = runtime.store.state;
  const count = (counts[identity] ?? 0) + 1;
  counts[identity] = count;
  runtime.store.saveSoon();
  return count;
}

/** Signs a text with the run's secret. */
export function sign(runtime: Runtime, value: string): Buffer {
  return createHmac('sha256', runtime.store.state.secret).update(value).digest();
}

function randomId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(32), (byte) => alphabet[byte % alphabet.length]).join('');
}
