import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Logger, MetricMeter } from '@temporalio/common';
import { describeSchedules, firingsOf } from '../../client/batch/describe-schedules.ts';
import { admissionMessages, type AdmissionStatus } from '../../contract/admission.ts';
import { plus } from '../../contract/batch-counts.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import { gauge } from '../../contract/metrics.ts';
import { repeat } from './repeat.ts';

/** Interval of the gauges; no alert needs a shorter one. */
const everyMs = 15_000;
/** A query waits for a worker, and none may be running. */
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
 * Updates the gauges about all videos from Temporal, because counts in memory would be wrong after a restart. Every
 * worker of `video-workflows` exports the same values, so read them with `max`.
 *
 * @returns A function that ends it.
 */
export function watchState(options: StateOptions): () => void {
  return repeat(() => readOpenState(options), {
    everyMs,
    onError: (error) => options.logger.warn('Cannot update the gauges about all videos', { error }),
  });
}

/** Reads the counts once. */
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

/** Summed up, because the number of schedules is unbounded; `onetake schedule list` shows each. */
async function readSchedules({ client, meter }: StateOptions): Promise<void> {
  const firings = (await describeSchedules(client)).map(firingsOf);
  const total = firings.reduce(plus, { fired: 0, skipped: 0, missed: 0 });
  for (const [of, value] of Object.entries(total)) {
    gauge(meter, 'onetake_schedule_firings', { of, value });
  }
}

/** The first submit on the API key starts the admission. */
function notBegunAsNull(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
