import { noAccess } from '../errors.ts';
import type { LogContext, LogEntry, LogPlan, LogScenario, SearchScenario } from './scenario.ts';

/** Responses of the routes that find a submit with an unknown outcome. */
export const reconcileScenarios: readonly (SearchScenario | LogScenario)[] = [
  {
    number: 138,
    name: 'reconcile',
    phase: 'search',
    line: 'task log rows as recorded, without the prompt; =prompt with it in properties.input',
    variants: ['empty', 'prompt'],
    keepsPrompt: (variant) => variant === 'prompt',
  },
  {
    number: 151,
    name: 'reconcile-api-key',
    phase: 'search',
    line: 'the task log refuses every token, as it refuses the API key: 200 success false; =401',
    variants: ['200', '401'],
    answer: ({ variant }) => noAccess(variant === '401' ? 401 : 200),
  },
  {
    number: 152,
    name: 'reconcile-log',
    phase: 'log',
    line: 'request log with errors; =names the job, =refund, =difference, =retried, =free, =others, =blind, =lag (:SECONDS), =429; without it nothing is logged',
    variants: 'errors names refund difference retried free others blind lag 429'.split(' '),
    numberSets: 'value',
    rows: rowsOf,
    limited: (variant) => variant === '429',
  },
];

function rowsOf(context: LogContext): LogPlan {
  const { variant, value, requestId, charge, error } = context;
  const errors = charge.length > 0 ? charge : error;
  switch (variant) {
    case 'names':
      return { rows: charge.map((row) => named(row, context)) };
    case 'refund':
      return { rows: paidRows(context, (quota) => ({ quota })) };
    case 'difference':
      return { rows: paidRows(context, (quota) => ({ quota: 10, settledQuota: quota - 10 })) };
    // The first channel failed, and the second one accepted.
    case 'retried':
      return { rows: [{ type: 'error', requestId, quota: 0 }, ...charge] };
    case 'free':
      return { rows: charge.map((row) => ({ ...row, quota: 0 })) };
    case 'others':
      return { rows: [...strangers(requestId), ...charge] };
    case 'blind':
      return { rows: errors.map((row) => ({ ...row, requestId: '' })) };
    case 'lag':
      return { rows: errors, lagMs: (value ?? 30) * 1_000 };
    default:
      return { rows: errors };
  }
}

function named(row: LogEntry, { paid }: LogContext): LogEntry {
  return paid ? { ...row, jobId: paid.jobId } : row;
}

/** A charge that is refunded, fully or partly; without a paid job, at once. */
function paidRows(
  { requestId, charge, paid }: LogContext,
  refund: (quota: number) => Pick<LogEntry, 'quota' | 'settledQuota'>,
): LogEntry[] {
  const quota = paid?.price ?? 70_000;
  const jobId = paid?.jobId ?? 'task_taken_back';
  const charged = charge[0] ?? { type: 'charge', requestId, quota };
  return [
    { ...charged, jobId },
    { type: 'refund', requestId: '', jobId, ...refund(quota) },
  ];
}

/** Rows of another API key and user; one request id starts like ours. */
function strangers(requestId: string): LogEntry[] {
  return [
    { type: 'error', requestId: `${requestId}0`, quota: 0 },
    { type: 'error', requestId: '', quota: 0 },
    { type: 'refund', requestId: `x${requestId}`, quota: 70_000, jobId: 'task_of_another' },
  ];
}
