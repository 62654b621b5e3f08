import { beatMs } from '../life.ts';
import { statusReply } from '../status-reply.ts';
import type { PollContext, PollScenario } from './scenario.ts';
import { withoutUrls } from '../status-object.ts';

/** Course and end of a job on both routes. */
export const courseScenarios: readonly PollScenario[] = [
  {
    number: 43,
    name: 'poll-envelope',
    phase: 'poll',
    line: "the family's life, ends SUCCESS with a result_url (as without a scenario)",
  },
  {
    number: 44,
    name: 'poll-envelope-failure',
    phase: 'poll',
    line: "ends FAILURE with the vendor's reason, also in result_url; refunded",
    course: () => ({ end: 'failure' }),
  },
  {
    number: 45,
    name: 'poll-gateway-timeout',
    phase: 'poll',
    line: 'ends FAILURE "任务超时（1440分钟）" after 120 s already; refunded',
    course: () => ({ end: 'timeout' }),
  },
  {
    number: 46,
    name: 'poll-openai',
    phase: 'poll',
    line: "videos route as in production; =recorded with each family's recorded shape",
    variants: ['production', 'recorded'],
  },
  {
    number: 48,
    name: 'poll-gemini-flip',
    phase: 'poll',
    line: 'generations route: the inner shape while running, the envelope at the end',
  },
  {
    number: 52,
    name: 'poll-never-finishes',
    phase: 'poll',
    line: 'in_progress forever (the sweep fails it after 24 h of gateway time)',
    course: () => ({ end: 'never' }),
  },
  {
    number: 55,
    name: 'poll-failed-no-error',
    phase: 'poll',
    line: 'videos route failed without error; reason on the generations route; =metadata in metadata.url',
    variants: ['nowhere', 'metadata'],
    course: () => ({ end: 'false-failure', endBeat: 8, reason: 'upstream returned error' }),
    when: 'finished',
    routes: ['videos'],
    answer: ({ body, row, variant }) =>
      variant === 'metadata' ? statusReply({ ...body(), metadata: { url: row.reason } }) : null,
  },
  {
    number: 56,
    name: 'poll-stale-sora',
    phase: 'poll',
    line: 'videos route stays in_progress 40, generations FAILURE; =ali stays at 100, =success SUCCESS',
    variants: ['sora', 'ali', 'success'],
    course: ({ variant }) => ({ end: variant === 'success' ? 'success' : 'timeout' }),
    routes: ['videos'],
    answer: stale,
  },
  {
    number: 59,
    name: 'poll-cancelled',
    phase: 'poll',
    line: "ends with the vendor's cancelled, =expired, =aborted; generations FAILURE, refunded",
    variants: ['cancelled', 'expired', 'aborted'],
    course: () => ({ end: 'false-failure', endBeat: 8, reason: 'task failed' }),
    when: 'finished',
    routes: ['videos'],
    answer: ({ body, variant }) => statusReply({ ...body(), status: variant ?? 'cancelled' }),
  },
  {
    number: 172,
    name: 'poll-takes',
    phase: 'poll',
    line: 'SUCCESS after 120 s (=SECONDS)',
    numberSets: 'value',
    course: ({ value }) => ({ end: 'success', endBeat: ((value ?? 120) * 1_000) / beatMs }),
  },
  {
    number: 76,
    name: 'poll-false-failure',
    phase: 'poll',
    line: 'FAILURE after 45 s, refunded; SUCCESS from beat 20 (=BEAT) on; =limit, =unreadable another reason',
    numberSets: 'value',
    variants: ['unrecognized', 'limit', 'unreadable'],
    course: ({ variant, value }) => ({
      end: 'false-failure',
      endBeat: 3,
      recoverBeat: value ?? 20,
      ...falseReason(variant),
    }),
  },
  {
    number: 78,
    name: 'poll-url-renewed',
    phase: 'poll',
    line: 'each poll gives a new signed address that expires after 30 s of gateway time (=SECONDS)',
    numberSets: 'value',
    when: 'finished',
    answer(context) {
      context.renewUrl((context.value ?? 30) * 1000);
      return null;
    },
  },
  {
    number: 153,
    name: 'poll-status-less',
    phase: 'poll',
    line: 'videos route {"error":{…},"id":…}, =bare, =mystery, =cancelled; generations FAILURE',
    variants: ['error', 'bare', 'mystery', 'cancelled'],
    course: () => ({ end: 'false-failure', endBeat: 5, reason: 'upstream returned error' }),
    when: 'finished',
    routes: ['videos'],
    answer: statusLess,
  },
  {
    number: 154,
    name: 'poll-vendor-task-id',
    phase: 'poll',
    line: "videos route with the vendor's id in task_id",
    routes: ['videos'],
    answer: ({ body, job }) => statusReply({ ...body(), task_id: job.vendorId }),
  },
  {
    number: 155,
    name: 'poll-frozen',
    phase: 'poll',
    line: 'NOT_START/unknown until the sweep; =QUEUED, =IN_PROGRESS',
    variants: ['NOT_START', 'QUEUED', 'IN_PROGRESS'],
    course: ({ variant }) => ({
      end: 'frozen',
      ...(variant === 'QUEUED' || variant === 'IN_PROGRESS' ? { frozenAt: variant } : {}),
    }),
  },
  {
    number: 156,
    name: 'poll-channel-deleted',
    phase: 'poll',
    line: 'FAILURE "Failed to get channel info…" after 30 s, finish_time 0, not refunded',
    course: () => ({ end: 'channel-deleted', endBeat: 2 }),
  },
  {
    number: 157,
    name: 'poll-gemini-failed',
    phase: 'poll',
    line: 'generations route: inner shape, error null, reason in url; videos route failed, no more',
    course: () => ({ end: 'failure', reason: 'The prompt could not be submitted.' }),
    when: 'finished',
    answer: geminiFailed,
  },
  {
    number: 158,
    name: 'poll-content-only',
    phase: 'poll',
    line: 'completed without any URL forever, generations result_url on localhost:3000; /content works',
    when: 'finished',
    answer: contentOnly,
  },
  {
    number: 159,
    name: 'poll-quota-field',
    phase: 'poll',
    line: 'ends FAILURE; data.quota still shows the charge, although it was refunded',
    course: () => ({ end: 'failure' }),
    when: 'finished',
    routes: ['generations'],
    answer: ({ body }) => statusReply(body({ refunded: false })),
  },
];

/** `unreadable`: a plugin could not read the vendor's state until the gateway gave up. */
function falseReason(variant: string | null): { reason?: string } {
  if (variant === 'limit') return { reason: 'Request Has Reached API Limit' };
  return variant === 'unreadable' ? { reason: '任务状态暂时无法读取，无需重新提交' } : {};
}

function stale({ body, row, variant, job }: PollContext): ReturnType<typeof statusReply> | null {
  if (variant === 'ali') {
    return row.status === 'FAILURE'
      ? statusReply({ ...body({ status: 'IN_PROGRESS' }), progress: 100, metadata: { url: '' } })
      : null;
  }
  if (row.status === 'NOT_START' || row.status === 'SUBMITTED' || row.status === 'QUEUED')
    return null;
  const { id, object, model, created_at } = body();
  const { size } = job;
  const seconds = String(job.seconds);
  return statusReply({
    id,
    object,
    model,
    status: 'in_progress',
    progress: 40,
    created_at,
    seconds,
    size,
  });
}

function statusLess({ job, variant, body }: PollContext): ReturnType<typeof statusReply> {
  const message = `Video with id '${job.vendorId}' not found.`;
  const error = { code: null, message, param: 'video_id', type: 'invalid_request_error' };
  switch (variant) {
    case 'bare':
      return statusReply({ id: job.id });
    case 'mystery':
    case 'cancelled':
      return statusReply({ ...body(), status: variant, progress: 0 });
    default:
      return statusReply({ error, id: job.id });
  }
}

function geminiFailed({ route, body, job, row }: PollContext): ReturnType<typeof statusReply> {
  if (route === 'videos') {
    const { error: _hidden, ...rest } = body();
    return statusReply(rest);
  }
  const data = {
    error: null,
    format: 'mp4',
    metadata: null,
    status: 'failed',
    task_id: job.id,
    url: row.reason,
  };
  return statusReply({ code: 'success', message: '', data });
}

function contentOnly({ route, body, job }: PollContext): ReturnType<typeof statusReply> {
  const whole = body();
  if (route === 'videos') return statusReply(withoutUrls(whole));
  const { data } = whole;
  const status = withoutUrls(typeof data === 'object' && data !== null ? { ...data } : {});
  status['result_url'] = `http://localhost:3000/v1/videos/${encodeURIComponent(job.id)}/content`;
  return statusReply({ ...whole, data: status });
}
