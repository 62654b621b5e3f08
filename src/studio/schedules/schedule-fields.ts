import { foreseeCron, type CronOutlook } from '../../client/batch/cron-firings.ts';
import {
  scheduleOverlaps,
  type BatchSchedule,
  type ScheduleOverlap,
} from '../../client/batch/schedule-client.ts';
import { readDuration } from '../../contract/duration-text.ts';
import {
  optionNames,
  readBatchFields,
  type BatchFields,
  type FieldFault,
} from '../batches/batch-fields.ts';

/** Fields of the form of a schedule that go on to the confirmation, as texts. */
export const scheduleNames = [
  ...optionNames,
  'cron',
  'every',
  'overlap',
  'catchup',
  'pauseOnFailure',
] as const;

/** What a person wants of a schedule. */
export interface ScheduleFields extends BatchFields {
  /** Without what it starts. */
  schedule: Omit<BatchSchedule, 'batch'>;
  /** Of the cron expression. */
  outlook: CronOutlook | null;
}

/** Reads the fields of a schedule, of the form and again of its confirmation. */
export function readScheduleFields(
  fields: URLSearchParams,
  { fileName, nowMs }: { fileName?: string | undefined; nowMs: number },
): ScheduleFields {
  const batch = readBatchFields(fields, fileName === undefined ? {} : { fileName });
  const { timeZone } = batch.options;
  const faults: FieldFault[] = [...batch.faults];
  const text = (name: string) => (fields.get(name) ?? '').trim();
  const when = whenOf({ cron: text('cron'), every: text('every') }, faults);
  const catchupMs = text('catchup') === '' ? undefined : readDuration(text('catchup'));
  if (catchupMs === null) faults.push({ field: 'catchup', fault: 'badDuration' });
  const outlook = outlookOf({ when, timeZone, nowMs }, faults);
  const schedule = {
    when,
    overlap: overlapOf(text('overlap')),
    ...(timeZone !== undefined && { timeZone }),
    ...(typeof catchupMs === 'number' && { catchupMs }),
    ...(text('pauseOnFailure') !== '' && { pauseOnFailure: true }),
  };
  return { ...batch, faults, schedule, outlook };
}

function whenOf(
  { cron, every }: { cron: string; every: string },
  faults: FieldFault[],
): BatchSchedule['when'] {
  if ((cron === '') === (every === '')) faults.push({ field: 'cron', fault: 'noWhen' });
  if (every === '') return { cron };
  const everyMs = readDuration(every);
  if (everyMs === null) faults.push({ field: 'every', fault: 'badDuration' });
  return { everyMs: everyMs ?? 0 };
}

/** An unknown policy is read as the one that never runs two batches at once. */
function overlapOf(text: string): ScheduleOverlap {
  return scheduleOverlaps.find((name) => name === text) ?? 'skip';
}

function outlookOf(
  {
    when,
    timeZone,
    nowMs,
  }: { when: BatchSchedule['when']; timeZone: string | undefined; nowMs: number },
  faults: FieldFault[],
): CronOutlook | null {
  if (!('cron' in when) || faults.length > 0) return null;
  try {
    const { cron } = when;
    return foreseeCron({ cron, nowMs, ...(timeZone !== undefined && { timeZone }) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    faults.push({ field: 'cron', fault: 'badCron', detail: error.message });
    return null;
  }
}
