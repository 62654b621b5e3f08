import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import {
  batchIdPrefix,
  batchWorkflowTypes,
  type VideoBatchInput,
  type VideoBatchResult,
} from '../../contract/batch.ts';
import { foreseeCron, spelledTimeZone, type CronOutlook } from './cron-firings.ts';
import { fullBatchId } from './describe-batch.ts';
import { describeSchedules, firingsOf } from './describe-schedules.ts';
import { putSchedule } from './put-schedule.ts';
import { batchStartOptions, checkedBatchName } from './start-batch.ts';
import { VideoClientError } from '../video-client-error.ts';

/** What happens when a firing is due while the one before still runs. */
export const scheduleOverlaps = ['skip', 'buffer-one', 'buffer-all', 'allow-all'] as const;
export type ScheduleOverlap = (typeof scheduleOverlaps)[number];

/** A batch that is started again and again. Each firing reads the manifest as it is then. */
export interface BatchSchedule {
  batch: VideoBatchInput;
  /** A cron expression, or milliseconds between two firings. */
  when: { cron: string } | { everyMs: number };
  /** IANA name, for the cron expression. Default UTC. */
  timeZone?: string;
  /** Default `skip`. */
  overlap?: ScheduleOverlap;
  /** How late a firing may be made up for, milliseconds. Default 1 h. */
  catchupMs?: number;
  /** Each firing is late by up to this, milliseconds. */
  jitterMs?: number;
  /** A firing with failed rows stops the schedule until somebody resumes it. */
  pauseOnFailure?: boolean;
}

export interface ScheduleSnapshot {
  name: string;
  paused: boolean;
  note?: string;
  /** The next times, ISO 8601. */
  next: string[];
  /** The newest firings: batches by name. */
  recent: { at: string; batch: string }[];
  fired: number;
  /** Firings that were not made, because one before still ran, or the server was down for too long. */
  skipped: number;
  missed: number;
}

export interface ScheduleDetails extends ScheduleSnapshot {
  overlap: string;
  catchupMs: number;
  /** 0 where each firing is on time. */
  jitterMs: number;
  pauseOnFailure: boolean;
  /** The batches that are under way now. Of a schedule with `allow-all` the server keeps no account: ask `batches.list`. */
  running: string[];
}

export interface CreatedSchedule extends Partial<CronOutlook> {
  outcome: 'created' | 'updated';
}

/** Batches on Temporal Schedules, by their name. */
export interface ScheduleClient {
  /**
   * Creates a schedule, or changes the one that has this name; whether it is paused stays as it is.
   *
   * @throws {VideoClientError} `invalid_request`: a name, cron expression or time zone that cannot be used, or an
   *   expression that never fires
   */
  create(schedule: BatchSchedule): Promise<CreatedSchedule>;
  /** @throws {VideoClientError} `not_found`, as all below */
  show(name: string): Promise<ScheduleDetails>;
  list(): Promise<ScheduleSnapshot[]>;
  pause(name: string, note?: string): Promise<void>;
  resume(name: string): Promise<void>;
  /** Fires now, where the overlap policy allows it. */
  trigger(name: string): Promise<void>;
  /** Fires for each time that lies between two moments, one after the other. */
  backfill(name: string, span: { from: Date; to: Date }): Promise<void>;
  /** No more firings; batches under way go on. */
  delete(name: string): Promise<void>;
}

/** The SDK's default is a year: after a long outage everything would be fired at once. */
const defaultCatchupMs = 3_600_000;

export function createScheduleClient(client: Client): ScheduleClient {
  const on = <T>(name: string, act: (handle: ScheduleHandle) => Promise<T>) =>
    orNotFound(name, () => act(client.schedule.getHandle(fullBatchId(name))));
  return {
    create: (schedule) => create(client, schedule),
    show: (name) => on(name, async (handle) => details(await handle.describe())),
    list: async () => (await describeSchedules(client)).map(snapshot),
    pause: (name, note) => on(name, (handle) => handle.pause(note)),
    resume: (name) => on(name, (handle) => handle.unpause()),
    trigger: (name) => on(name, trigger),
    backfill: (name, { from, to }) =>
      on(name, (handle) =>
        handle.backfill({ start: from, end: to, overlap: ScheduleOverlapPolicy.BUFFER_ALL }),
      ),
    delete: (name) => on(name, (handle) => handle.delete()),
  };
}

async function create(client: Client, given: BatchSchedule): Promise<CreatedSchedule> {
  const { timeZone } = given;
  const schedule = {
    ...given,
    ...(timeZone !== undefined && { timeZone: spelledTimeZone(timeZone) }),
  };
  const options = optionsOf(schedule);
  try {
    const outlook = outlookOf(schedule);
    return { ...(await putSchedule(client, options)), ...outlook };
  } catch (cause) {
    // The SDK makes a TypeError of what the server says of a specification that it cannot read.
    const isRefused = cause instanceof RangeError || cause instanceof TypeError;
    if (!isRefused) throw cause;
    const message = `Cannot schedule "${given.batch.name}": ${cause.message}`;
    throw new VideoClientError('invalid_request', message, { cause });
  }
}

function outlookOf({ when, timeZone }: BatchSchedule): CronOutlook | null {
  if (!('cron' in when)) return null;
  return foreseeCron({
    cron: when.cron,
    nowMs: Date.now(),
    ...(timeZone !== undefined && { timeZone }),
  });
}

type Options = ScheduleOptions<
  ScheduleOptionsStartWorkflowAction<(input: VideoBatchInput) => Promise<VideoBatchResult>>
>;

function optionsOf(schedule: BatchSchedule): Options {
  const { batch, when, timeZone, overlap = 'skip', catchupMs = defaultCatchupMs } = schedule;
  const id = fullBatchId(checkedBatchName(batch.name));
  const { jitterMs, pauseOnFailure = false } = schedule;
  const input: VideoBatchInput = {
    ...batch,
    ...(timeZone !== undefined && { timeZone }),
    ...(pauseOnFailure && { failAtEnd: true }),
  };
  return {
    scheduleId: id,
    spec: {
      ...('cron' in when
        ? { cronExpressions: [when.cron] }
        : { intervals: [{ every: when.everyMs }] }),
      ...(timeZone !== undefined && { timezone: timeZone }),
      ...(jitterMs !== undefined && { jitter: jitterMs }),
    },
    action: {
      type: 'startWorkflow',
      workflowType: batchWorkflowTypes.batch,
      workflowId: id,
      ...batchStartOptions(input),
    },
    policies: { overlap: overlapPolicies[overlap], catchupWindow: catchupMs, pauseOnFailure },
  };
}

const overlapPolicies: Readonly<Record<ScheduleOverlap, ScheduleOverlapPolicy>> = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  'buffer-all': ScheduleOverlapPolicy.BUFFER_ALL,
  'allow-all': ScheduleOverlapPolicy.ALLOW_ALL,
};

/** By the overlap policy of the schedule; the SDK's own default starts another one beside it. */
async function trigger(handle: ScheduleHandle): Promise<void> {
  await handle.trigger((await handle.describe()).policies.overlap);
}

function snapshot(found: ScheduleDescription): ScheduleSnapshot {
  const { scheduleId, state, info } = found;
  return {
    name: nameOf(scheduleId),
    paused: state.paused,
    ...(state.note !== undefined && state.note !== '' && { note: state.note }),
    next: info.nextActionTimes.map((time) => time.toISOString()),
    recent: info.recentActions.map(({ scheduledAt, action }) => ({
      at: scheduledAt.toISOString(),
      batch: nameOf(action.workflow.workflowId),
    })),
    ...firingsOf(found),
  };
}

function details(found: ScheduleDescription): ScheduleDetails {
  const { policies, spec, info } = found;
  return {
    ...snapshot(found),
    overlap: policies.overlap ?? 'SKIP',
    catchupMs: policies.catchupWindow,
    jitterMs: spec.jitter ?? 0,
    pauseOnFailure: policies.pauseOnFailure,
    running: info.runningActions.map(({ workflow }) => nameOf(workflow.workflowId)),
  };
}

function nameOf(id: string): string {
  return id.slice(batchIdPrefix.length);
}

async function orNotFound<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof ScheduleNotFoundError)) throw cause;
    const message = `There is no schedule "${name}"; \`onetake schedule list\` shows all`;
    throw new VideoClientError('not_found', message, { cause });
  }
}
