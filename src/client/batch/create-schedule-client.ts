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
import { VideoClientError } from '../video-client-error.ts';
import { foreseeCron, spelledTimeZone, type CronOutlook } from './cron-firings.ts';
import { fullBatchId } from './describe-batch.ts';
import { describeSchedules, firingsOf } from './describe-schedules.ts';
import { putSchedule } from './put-schedule.ts';
import type {
  BatchSchedule,
  CreatedSchedule,
  ScheduleClient,
  ScheduleDetails,
  ScheduleOverlap,
  ScheduleSnapshot,
} from './schedule-client.ts';
import { batchStartOptions, checkedBatchName } from './start-batch.ts';

/** The SDK's default is a year: after a long outage, all missed firings would start at once. */
const defaultCatchupMs = 3_600_000;

/** Implements {@link ScheduleClient} with Temporal's schedule API. */
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
    // The SDK throws a TypeError if the server rejects the specification.
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

/** Passes the schedule's overlap policy, because the SDK's default would start a second batch in parallel. */
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
  const { policies, spec, info, action } = found;
  const { batch } = (action.memo ?? {}) as { batch?: VideoBatchInput };
  return {
    ...snapshot(found),
    ...(batch && { batch }),
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
