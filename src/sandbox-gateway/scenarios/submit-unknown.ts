import { empty, html, json, type Answer, type Transfer } from '../answer.ts';
import { apiError, nginxPage, taskError, vendorError } from '../errors.ts';
import type { SubmitContext, SubmitScenario } from './scenario.ts';

const jobWords = ['live', 'dead'] as const;

/** Creates after which the client cannot tell whether a paid job exists. */
export const unknownScenarios: readonly SubmitScenario[] = [
  {
    number: 10,
    name: 'submit-drop-after-body',
    phase: 'submit',
    line: 'reads the whole POST, creates the paid job, closes the connection',
    answer: (context) => paidThen(context, { kind: 'drop' }),
  },
  {
    number: 11,
    name: 'submit-reset-early',
    phase: 'submit',
    line: 'resets the connection; no job',
    answer: () => ({ kind: 'reset' }),
  },
  {
    number: 13,
    name: 'submit-504-after-accept',
    phase: 'submit',
    line: 'paid job, then 504 with JSON; =html with the nginx page',
    variants: ['json', 'html'],
    answer: (context) =>
      paidThen(
        context,
        context.variant === 'html'
          ? html(504, nginxPage('504 Gateway Time-out'))
          : json(504, { error: { message: 'gateway timeout', type: 'server_error' } }),
      ),
  },
  {
    number: 14,
    name: 'submit-cdn-html',
    phase: 'submit',
    line: "paid job, then the CDN's HTML after a delay; =502, =520, =522, =524 (default)",
    variants: ['502', '520', '522', '524'],
    answer: (context) => paidThen(context, cdnPage(Number(context.variant ?? 524))),
  },
  {
    number: 15,
    name: 'submit-settlement-failed',
    phase: 'submit',
    line: 'paid job that runs, then 500 task_billing_settlement_failed',
    answer: (context) =>
      paidThen(
        context,
        taskError(500, 'task_billing_settlement_failed', 'failed to settle task billing'),
      ),
  },
  {
    number: 16,
    name: 'submit-insert-failed',
    phase: 'submit',
    line: '500 task_insert_failed; no row, refunded, the vendor job exists',
    answer: (context) =>
      orphanThen(context, taskError(500, 'task_insert_failed', 'failed to persist task')),
  },
  {
    number: 17,
    name: 'submit-do-request-failed',
    phase: 'submit',
    line: '500 do_request_failed, the vendor job exists; =dead the same bytes without one',
    variants: jobWords,
    answer: (context) =>
      orphanThen(
        context,
        taskError(500, 'do_request_failed', 'do request failed: upstream error: do request failed'),
      ),
  },
  {
    number: 18,
    name: 'submit-500-empty',
    phase: 'submit',
    line: '500 with an empty body; paid job; =dead without one',
    variants: jobWords,
    answer: (context) => (context.variant === 'dead' ? empty(500) : paidThen(context, empty(500))),
  },
  {
    number: 33,
    name: 'submit-408',
    phase: 'submit',
    line: '408 request_cancelled; refunded, no row, the vendor job exists',
    answer: (context) =>
      orphanThen(context, taskError(408, 'request_cancelled', 'request cancelled by client')),
  },
  {
    number: 35,
    name: 'submit-200-html',
    phase: 'submit',
    line: 'paid job, then 200 with a web page',
    answer: (context) =>
      paidThen(context, html(200, '<!doctype html><title>Login</title><h1>Sign in</h1>\n')),
  },
  {
    number: 35,
    name: 'submit-200-empty',
    phase: 'submit',
    line: 'paid job, then 200 with nothing',
    answer: (context) => paidThen(context, empty(200)),
  },
  {
    number: 35,
    name: 'submit-200-cut-json',
    phase: 'submit',
    line: 'paid job, then 200 with half a JSON text of correct length',
    answer(context) {
      const whole = json(200, context.accept().reply);
      return { ...whole, body: whole.body.subarray(0, Math.floor(whole.body.length / 2)) };
    },
  },
  {
    number: 37,
    name: 'submit-200-no-id',
    phase: 'submit',
    line: 'paid job, then 200 {"object":"video","status":"queued"}',
    answer: (context) => paidThen(context, json(200, { object: 'video', status: 'queued' })),
  },
  {
    number: 39,
    name: 'submit-hang',
    phase: 'submit',
    line: 'reads the POST, creates the paid job, never responds; =dead without a job',
    variants: jobWords,
    answer: (context) =>
      context.variant === 'dead' ? { kind: 'hang' } : paidThen(context, { kind: 'hang' }),
  },
  {
    number: 38,
    name: 'submit-late',
    phase: 'submit',
    line: "once, after 60 s of gateway time: paid job, then the CDN's 524; =refused 400, =busy 503",
    times: 1,
    variants: ['lost', 'refused', 'busy'],
    answer: (context) => ({ ...lateAnswer(context), headDelayMs: 60_000 }),
  },
  {
    number: 42,
    name: 'submit-keepalive-dead',
    phase: 'submit',
    line: 'closes a reused connection when the POST arrives; a new connection works',
    answer: (context) => (context.connectionUsedBefore ? { kind: 'drop' } : null),
  },
  {
    number: 141,
    name: 'submit-unreadable',
    phase: 'submit',
    line: '500 invalid_response; =code0, =unmarshal (HTML inside), =task, =plugin, =twice; the vendor job exists',
    variants: ['response', 'code0', 'unmarshal', 'task', 'plugin', 'twice', 'dead'],
    answer: (context) => orphanThen(context, unreadable(context.variant)),
  },
  {
    number: 142,
    name: 'submit-vendor-5xx',
    phase: 'submit',
    line: '500 fail_to_fetch_task; =502 (HTML inside), =503, =504; the vendor job exists',
    variants: ['500', '502', '503', '504'],
    answer(context) {
      const status = Number(context.variant ?? 500);
      const error = { message: 'The server had an error.', type: 'server_error', code: null };
      const page = nginxPage('502 Bad Gateway');
      return orphanThen(context, vendorError(status, status === 502 ? page : { error }));
    },
  },
  {
    number: 145,
    name: 'submit-panic',
    phase: 'submit',
    line: '500 new_api_panic without a code; the vendor job exists',
    answer(context) {
      const message =
        'Panic detected, error: runtime error: invalid memory address or nil pointer dereference. Please submit a issue here: https://github.com/Calcium-Ion/new-api';
      return orphanThen(context, json(500, { error: { message, type: 'new_api_panic' } }));
    },
  },
  {
    number: 148,
    name: 'submit-client-gone',
    phase: 'submit',
    line: 'slow create (=SECONDS, default 20); a disconnect leaves a vendor job, no row, no charge',
    numberSets: 'value',
    async answer(context) {
      const there = await context.stillThere((context.value ?? 20) * 1000);
      if (there) return null;
      context.orphan();
      return { kind: 'drop' };
    },
  },
];

function paidThen(context: SubmitContext, answer: Answer): Answer {
  context.accept();
  return answer;
}

function orphanThen(context: SubmitContext, answer: Answer): Answer {
  if (context.variant !== 'dead') context.orphan();
  return answer;
}

function cdnPage(status: number): Transfer {
  const page = html(status, `<!DOCTYPE html>\n<title>88api.ai | ${status}</title>\n`);
  const headers = { ...page.headers, Server: 'cloudflare', 'CF-RAY': '9a3f0c1d2e4b5a67-HKG' };
  return { ...page, headers, headDelayMs: 10_000 };
}

function lateAnswer(context: SubmitContext): Transfer {
  const { requestId } = context.exchange;
  switch (context.variant) {
    case 'refused':
      return taskError(400, 'invalid_request', 'the request was refused');
    case 'busy':
      return apiError(503, { code: 'model_not_found', message: 'no channel', requestId });
    default:
      context.accept();
      return cdnPage(524);
  }
}

function unreadable(variant: string | null): Answer {
  switch (variant) {
    case 'code0':
      return taskError(500, '0', '');
    case 'task':
      return taskError(500, 'task_submit_failed', 'submit failed');
    case 'plugin':
      return taskError(502, 'plugin_submit_response_invalid', 'no task in the response');
    case 'twice':
      return taskError(400, 'fail_to_fetch_task', '任务可能已提交，请勿重复提交');
    case 'unmarshal': {
      const tail = "invalid character '<' looking for beginning of value";
      const message = `body: ${nginxPage('502 Bad Gateway')}: ${tail}`;
      return taskError(500, 'unmarshal_response_body_failed', message);
    }
    default:
      return taskError(500, 'invalid_response', 'task_id is empty');
  }
}
