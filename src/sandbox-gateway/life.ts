import type { Family } from './vendors/families.ts';
import type { Course, Job, Row, RowStatus } from './job.ts';

/** The gateway updates every unfinished job once per beat. */
export const beatMs = 15_000;

/** After a day the sweep fails unfinished jobs. */
export const sweepMs = 1_440 * 60_000;

/** Message of the sweep, always Chinese. */
export const timeoutReason = '任务超时（1440分钟）';

const endBeat = 8;

/** The row still shows its price for a moment after it failed. */
const refundLagMs = 5_000;

/** Default duration of a job. */
export const usualLifeMs = endBeat * beatMs;

type Step = [atBeat: number, status: RowStatus, progressPercent: number];

/** Courses by family; `doubao` starts like the others, `plugin` is the baseline of the scenarios. */
const lives: Record<Family, Step[]> = {
  kling: [
    [0, 'NOT_START', 0],
    [1, 'SUBMITTED', 10],
    [3, 'IN_PROGRESS', 30],
  ],
  vidu: [
    [0, 'NOT_START', 0],
    [1, 'SUBMITTED', 10],
    [3, 'IN_PROGRESS', 30],
  ],
  jimeng: [
    [0, 'NOT_START', 0],
    [1, 'QUEUED', 10],
  ],
  sora: [
    [0, 'NOT_START', 0],
    [1, 'QUEUED', 20],
    [3, 'IN_PROGRESS', 42],
    [5, 'IN_PROGRESS', 67],
    [7, 'IN_PROGRESS', 93],
  ],
  ali: [
    [0, 'NOT_START', 0],
    [1, 'QUEUED', 20],
    [3, 'IN_PROGRESS', 30],
  ],
  hailuo: [
    [0, 'NOT_START', 0],
    [1, 'IN_PROGRESS', 30],
    [3, 'IN_PROGRESS', 50],
  ],
  doubao: [
    [0, 'NOT_START', 0],
    [1, 'QUEUED', 10],
    [3, 'IN_PROGRESS', 50],
  ],
  gemini: [[0, 'IN_PROGRESS', 50]],
  plugin: [
    [0, 'NOT_START', 0],
    [1, 'SUBMITTED', 10],
    [2, 'QUEUED', 20],
    [3, 'IN_PROGRESS', 30],
    [5, 'IN_PROGRESS', 50],
  ],
};

/** Recorded code and reason of each vendor for a refused result. */
const vendorFailures: Record<Family, [code: string, reason: string]> = {
  kling: ['', 'Failure to pass the risk control system'],
  vidu: ['AuditSubmitIllegal', 'AuditSubmitIllegal'],
  jimeng: ['50412', 'Text Risk Not Pass'],
  sora: ['moderation_blocked', 'Your request was blocked by our moderation system.'],
  ali: ['InternalError.Algo', 'inference failed'],
  hailuo: ['1027', 'generated video contains sensitive content'],
  doubao: [
    'OutputVideoSensitiveContentDetected',
    'The request failed because the output video may contain sensitive information.',
  ],
  gemini: ['', 'The prompt could not be submitted.'],
  plugin: ['video_generation_failed', 'content moderated (nsfw)'],
};

/**
 * The state of a job after some gateway time. Pure, so a restart changes nothing.
 *
 * @param elapsedMs Gateway milliseconds since the submit.
 * @param stampAt Real stamp of a moment of the job's life, given in gateway milliseconds.
 */
export function rowAt(
  { job, course, elapsedMs }: { job: Job; course: Course; elapsedMs: number },
  stampAt: (gatewayMs: number) => number,
): Row {
  const actual = actualCourse(job, course);
  const endMs = endOf(job, actual);
  const recoverMs = (actual.recoverBeat ?? Infinity) * beatMs;
  if (elapsedMs >= recoverMs) {
    const stamp = stampAt(recoverMs);
    const row = finishedRow({ job, course: { end: 'success' }, stamp }, stampAt);
    return { ...row, refund: true, refunded: true };
  }
  if (elapsedMs >= endMs) {
    const row = finishedRow({ job, course: actual, stamp: stampAt(endMs) }, stampAt);
    const isSettled = job.takenBack === true || elapsedMs >= endMs + refundLagMs;
    return { ...row, refunded: row.refund && isSettled };
  }
  const step = stepAt({ job, course: actual, elapsedMs });
  const started = lives[job.family].find(([, status]) => status === 'IN_PROGRESS');
  const startMs = (started?.[0] ?? Infinity) * beatMs;
  return {
    status: step[1],
    progressPercent: step[2],
    updatedAt: stampAt(step[0] * beatMs),
    startedAt: step[1] === 'IN_PROGRESS' && Number.isFinite(startMs) ? stampAt(startMs) : null,
    finishedAt: null,
    reason: '',
    errorCode: null,
    refund: false,
    refunded: false,
  };
}

/** Gateway milliseconds from the submit to the end of a job. */
export function lifeOf({ job, course }: { job: Job; course: Course }): number {
  return endOf(job, actualCourse(job, course));
}

/** Whether the row is final. */
export function isFinished(row: Row): boolean {
  return row.status === 'SUCCESS' || row.status === 'FAILURE';
}

function actualCourse(job: Job, course: Course): Course {
  if (job.kind === 'hollow') return { end: 'frozen' };
  if (job.kind === 'instant-success') return { end: 'success', endBeat: 0 };
  if (job.kind === 'instant-failure') return { end: 'failure', endBeat: 0 };
  return course;
}

function endOf(job: Job, course: Course): number {
  if (course.end === 'never' || course.end === 'frozen') return sweepMs;
  return (course.endBeat ?? (job.kind.startsWith('instant') ? 0 : endBeat)) * beatMs;
}

function stepAt({ job, course, elapsedMs }: { job: Job; course: Course; elapsedMs: number }): Step {
  const steps = lives[job.family];
  const first: Step = steps[0] ?? [0, 'NOT_START', 0];
  if (course.end === 'frozen') {
    const words: unknown[] =
      course.frozenAt === 'QUEUED' ? ['QUEUED', 'SUBMITTED'] : [course.frozenAt];
    return steps.find(([, status]) => words.includes(status)) ?? first;
  }
  return steps.findLast(([atBeat]) => atBeat * beatMs <= elapsedMs) ?? first;
}

function finishedRow(
  { job, course, stamp }: { job: Job; course: Course; stamp: number },
  stampAt: (gatewayMs: number) => number,
): Omit<Row, 'refunded'> {
  const base = { updatedAt: stamp, startedAt: stampAt(beatMs), finishedAt: stamp };
  if (course.end === 'success') {
    return {
      ...base,
      status: 'SUCCESS',
      progressPercent: 100,
      reason: '',
      errorCode: null,
      refund: false,
    };
  }
  const [code, reason] = vendorFailures[job.family];
  const failed = { ...base, status: 'FAILURE', progressPercent: 100, refund: true } as const;
  switch (course.end) {
    case 'failure':
      return { ...failed, reason: course.reason ?? reason, errorCode: course.code ?? code };
    case 'false-failure':
      return {
        ...failed,
        reason: course.reason ?? 'upstream returned unrecognized message',
        errorCode: null,
      };
    case 'channel-deleted':
      return {
        ...failed,
        reason: 'Failed to get channel info, channel ID: 3',
        errorCode: null,
        refund: false,
        startedAt: null,
        finishedAt: null,
      };
    case 'timeout':
    case 'never':
    case 'frozen':
      return { ...failed, reason: timeoutReason, errorCode: null };
  }
}
