import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Logger, MetricMeter } from '@temporalio/common';
import { describeSchedules, firingsOf } from '../../client/batch/describe-schedules.ts';
import { admissionMessages, type AdmissionStatus } from '../../contract/admission.ts';
import { plus } from '../../contract/batch-counts.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import { gauge } from '../../contract/metrics.ts';
import { repeat } from './repeat.ts';

/** Between two looks; no alert is in more of a hurry. */
const everyMs = 15_000;
/** A query waits for a worker, and there may be none. */
const patienceMs = 10_000;
const openPhases = [
  'waiting',
  'submitting',
  'queued',
  'running',
  'delivering',
  'unresolved',
  'overdue',
] as const satisfies VideoPhase[];
const spentOf = ['videos', 'seconds', 'money'] as const;

export interface StateOptions {
  client: Client;
  meter: MetricMeter;
  logger: Logger;
  /** Workflow id of the admission of this gateway account. */
  admissionId: string;
}

/**
 * Keeps the gauges about all videos up to date, from Temporal itself: what a process remembers would be wrong after a
 * restart, and in all processes but one. Every worker of `video-workflows` says the same, so read them with `max`.
 *
 * Gives what ends it.
 */
export function watchState(options: StateOptions): () => void {
  return repeat(() => readOpenState(options), {
    everyMs,
    onError: (error) =>
      options.logger.warn('The gauges about all videos could not be brought up to date', { error }),
  });
}

/** One look. */
export async function readOpenState(options: StateOptions): Promise<void> {
  const { client, meter } = options;
  await client.connection.withDeadline(Date.now() + patienceMs, async () => {
    await Promise.all([
      ...openPhases.map((phase) => countOpen(options, phase)),
      readAdmission(options),
      readSchedules(options),
    ]);
  });
  gauge(meter, 'onetake_state_updated_seconds', { value: Math.floor(Date.now() / 1_000) });
}

async function countOpen({ client, meter }: StateOptions, phase: VideoPhase): Promise<void> {
  const query = `VideoPhase = '${phase}' AND ExecutionStatus = 'Running'`;
  const { count: value } = await client.workflow.count(query);
  gauge(meter, 'onetake_videos_open', { phase, value });
}

async function readAdmission({ client, meter, admissionId }: StateOptions): Promise<void> {
  const status = await client.workflow
    .getHandle(admissionId)
    .query<AdmissionStatus>(admissionMessages.admissionStatus)
    .catch(notBegunAsNull);
  if (!status) return;
  const { inFlight, called = 0, reserved, waiting, limits, spent } = status;
  const states = {
    in_flight: inFlight.length + called,
    reserved: reserved.length,
    waiting: Object.values(waiting).reduce((sum, value) => sum + value, 0),
  };
  for (const [state, value] of Object.entries(states)) {
    gauge(meter, 'onetake_admission_videos', { state, value });
  }
  gauge(meter, 'onetake_admission_slots', { value: limits.jobs });
  const today = spent[`day/${new Date().toISOString().slice(0, 10)}`];
  for (const of of spentOf) gauge(meter, 'onetake_spent_today', { of, value: today?.[of] ?? 0 });
}

/** Summed up, since names of schedules are as many as callers choose; `onetake schedule list` names them. */
async function readSchedules({ client, meter }: StateOptions): Promise<void> {
  const firings = (await describeSchedules(client)).map(firingsOf);
  const total = firings.reduce(plus, { fired: 0, skipped: 0, missed: 0 });
  for (const [of, value] of Object.entries(total)) {
    gauge(meter, 'onetake_schedule_firings', { of, value });
  }
}

/** The first submit on the key starts it. */
function notBegunAsNull(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
