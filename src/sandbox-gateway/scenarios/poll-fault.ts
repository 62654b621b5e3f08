import { empty, html, type Answer } from '../answer.ts';
import { apiError, nginxPage, taskError, taskNotExist, wrongKey } from '../errors.ts';
import type { PollScenario } from './scenario.ts';
import { statusReply } from '../status-reply.ts';

/** Polls with an error or no response, while the job continues. */
export const faultScenarios: readonly PollScenario[] = [
  {
    number: 77,
    name: 'poll-serial-lag',
    phase: 'poll',
    line: 'status late by 1 s of gateway time (=SECONDS) for each running job up to this one',
    numberSets: 'value',
    lagMs: ({ value }) => (value ?? 1) * 1000,
  },
  {
    number: 50,
    name: 'poll-not-exist-first',
    phase: 'poll',
    line: '400 task_not_exist for the first 2 polls (=N)',
    times: 2,
    answer: () => taskNotExist(),
  },
  {
    number: 51,
    name: 'poll-not-exist-late',
    phase: 'poll',
    line: 'a first poll in_progress, whatever the job does, then 400 task_not_exist twice (=N), then normal',
    numberSets: 'value',
    answer({ nth, value, body }) {
      // A late first poll would show the end of the job, without a second poll.
      if (nth === 1) return statusReply(body(underWay));
      return nth <= 1 + (value ?? 2) ? taskNotExist() : null;
    },
  },
  {
    number: 68,
    name: 'poll-429-empty',
    phase: 'poll',
    line: '429 with an empty body once (=N)',
    times: 1,
    answer: () => empty(429),
  },
  {
    number: 69,
    name: 'poll-html',
    phase: 'poll',
    line: 'an HTML 502 once (=N); =524, =200',
    times: 1,
    variants: ['502', '524', '200'],
    answer: ({ variant }) =>
      variant === '200'
        ? webPage()
        : html(Number(variant ?? 502), nginxPage(`${variant ?? 502} Bad Gateway`)),
  },
  {
    number: 70,
    name: 'poll-5xx-json',
    phase: 'poll',
    line: '500 convert_to_openai_video_failed once (=N); =get, =501, =503 media_unavailable',
    times: 1,
    variants: ['convert', 'get', '501', '503'],
    answer: ({ variant }) => fault(variant),
  },
  {
    number: 71,
    name: 'poll-410',
    phase: 'poll',
    line: '410 media_expired once the job has ended; /content 404',
    when: 'finished',
    hidesContent: true,
    answer: () => taskError(410, 'media_expired', 'media has expired'),
  },
  {
    number: 72,
    name: 'poll-401-mid',
    phase: 'poll',
    line: '401 for 3 polls (=N), whatever the job does, then normal',
    times: 3,
    answer: ({ exchange: { requestId } }) => wrongKey(requestId),
  },
  {
    number: 152,
    name: 'poll-key-exhausted',
    phase: 'poll',
    line: 'every poll (=N polls) 403 insufficient_user_quota, the job continues; =401 "Invalid token"',
    variants: ['403', '401'],
    answer: ({ exchange, variant }) =>
      variant === '401'
        ? wrongKey(exchange.requestId)
        : apiError(403, {
            code: 'insufficient_user_quota',
            message: 'This token has insufficient quota',
            requestId: exchange.requestId,
          }),
  },
  {
    number: 152,
    name: 'poll-key-spent',
    phase: 'poll',
    line: 'the create used the last quota: polls (=N polls), /content, models 401 as for a wrong API key; balance 0',
    spendsKey: true,
    answer: ({ exchange: { requestId } }) => wrongKey(requestId),
  },
  {
    number: 165,
    name: 'poll-one-route',
    phase: 'poll',
    line: 'videos route 500 forever, =html a web page with 200; =generations 500 on the generations route instead',
    variants: ['videos', 'html', 'generations'],
    answer({ route, variant }) {
      if (route !== (variant === 'generations' ? 'generations' : 'videos')) return null;
      return variant === 'html' ? webPage() : fault('convert');
    },
  },
  {
    number: 73,
    name: 'poll-drop',
    phase: 'poll',
    line: 'closes the connection without a response once (=N)',
    times: 1,
    answer: () => ({ kind: 'drop' }),
  },
  {
    number: 73,
    name: 'poll-hang',
    phase: 'poll',
    line: 'never answers, once (=N)',
    times: 1,
    answer: () => ({ kind: 'hang' }),
  },
  {
    number: 73,
    name: 'poll-slow',
    phase: 'poll',
    line: 'responds after 20 s of gateway time, every poll (=N polls)',
    answer: ({ body }) => ({ ...statusReply(body()), headDelayMs: 20_000 }),
  },
  {
    number: 74,
    name: 'poll-cut-json',
    phase: 'poll',
    line: 'half a JSON text with a correct Content-Length once (=N)',
    times: 1,
    answer({ body }) {
      const whole = statusReply(body());
      return { ...whole, body: whole.body.subarray(0, Math.floor(whole.body.length / 2)) };
    },
  },
];

function webPage(): Answer {
  return html(200, '<!doctype html><title>Login</title>\n');
}

/** Fields of a row that has not ended. */
const underWay = { status: 'IN_PROGRESS', progressPercent: 30, finishedAt: null } as const;

function fault(variant: string | null): Answer {
  switch (variant) {
    case 'get':
      return taskError(500, 'get_task_failed', 'failed to get task');
    case '501':
      return taskError(501, 'not_implemented', 'not_implemented');
    case '503':
      return taskError(503, 'media_unavailable', 'Media temporarily unavailable');
    default:
      return taskError(500, 'convert_to_openai_video_failed', 'convert to openai video failed');
  }
}
