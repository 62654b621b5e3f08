import { empty, html, json, type Answer } from '../answer.ts';
import { apiError, taskError } from '../errors.ts';
import { noChannel } from '../create-request.ts';
import type { SubmitContext, SubmitScenario } from './scenario.ts';

/** Creates that certainly made no job and may be repeated: N times, then accepted. */
export const throttledScenarios: readonly SubmitScenario[] = [
  {
    number: 21,
    name: 'submit-no-channel',
    phase: 'submit',
    line: '503 model_not_found once (=N), =retry 500 get_channel_failed; then accepted',
    times: 1,
    variants: ['none', 'retry'],
    answer: (context) =>
      context.variant === 'retry'
        ? channelFailed(context, '')
        : apiError(503, {
            code: 'model_not_found',
            message: noChannel(context.request.model, context.exchange),
            requestId: context.exchange.requestId,
          }),
  },
  {
    number: 22,
    name: 'submit-429-saturated',
    phase: 'submit',
    line: '429 fail_to_fetch_task, Chinese text, once (=N); then accepted',
    times: 1,
    answer: () => taskError(429, 'fail_to_fetch_task', '当前分组上游负载已饱和，请稍后再试'),
  },
  {
    number: 23,
    name: 'submit-429-empty',
    phase: 'submit',
    line: '429 with an empty body and no Retry-After, once (=N); then accepted',
    times: 1,
    answer: () => empty(429),
  },
  {
    number: 24,
    name: 'submit-429-limiter',
    phase: 'submit',
    line: '429 of the request limiter once (=N), =seconds Retry-After: 2, =date an HTTP date',
    times: 1,
    variants: ['none', 'seconds', 'date'],
    answer: (context) => limiter(context),
  },
  {
    number: 25,
    name: 'submit-429-concurrency',
    phase: 'submit',
    line: '429 channel_concurrency_limit_exceeded while =K (default 1) or more paid jobs run',
    numberSets: 'value',
    answer: (context) =>
      context.running() < (context.value ?? 1)
        ? null
        : taskError(
            429,
            'channel_concurrency_limit_exceeded',
            'channel concurrency limit exceeded',
          ),
  },
  {
    number: 36,
    name: 'submit-200-error',
    phase: 'submit',
    line: '200 {"error":{…,"code":"model_not_found"}} once (=N), no job; then accepted',
    times: 1,
    answer: (context) => {
      const message = noChannel(context.request.model, context.exchange);
      return json(200, { error: { message, type: 'new_api_error', code: 'model_not_found' } });
    },
  },
  {
    number: 153,
    name: 'submit-503-before',
    phase: 'submit',
    line: '503 token_concurrency_unavailable once (=N), =session strict_session_binding_unavailable; nothing was sent',
    times: 1,
    variants: ['token', 'session'],
    answer: ({ variant }) =>
      variant === 'session'
        ? taskError(503, 'strict_session_binding_unavailable', 'session binding unavailable')
        : taskError(503, 'token_concurrency_unavailable', 'concurrency service unavailable'),
  },
  {
    number: 143,
    name: 'submit-vendor-401',
    phase: 'submit',
    line: '401 fail_to_fetch_task once (=N): the vendor refused the gateway; then accepted',
    times: 1,
    answer: () =>
      taskError(
        401,
        'fail_to_fetch_task',
        '{"error":{"message":"Incorrect API key provided: sk-****","type":"invalid_request_error","code":"invalid_api_key"}}',
      ),
  },
  {
    number: 144,
    name: 'submit-hidden-429',
    phase: 'submit',
    line: '500 get_channel_failed "…（retry）" once (=N): hides a 429; then accepted',
    times: 1,
    answer: (context) => channelFailed(context, '（retry）'),
  },
  {
    number: 34,
    name: 'submit-413',
    phase: 'submit',
    line: '400 "request body too large"; =json 413 read_request_body_failed, =html nginx',
    variants: ['recorded', 'json', 'html'],
    answer: (context) => oversize(context),
  },
];

function channelFailed(context: SubmitContext, tail: string): Answer {
  const message = `分组 default 下模型 ${context.request.model} 的可用渠道不存在${tail}`;
  return taskError(500, 'get_channel_failed', message);
}

function limiter(context: SubmitContext): Answer {
  const message = '您已达到请求数限制：1分钟内最多请求1次';
  const answer = json(429, { error: { message, type: 'new_api_error' } });
  const retryAfter = {
    seconds: '2',
    date: new Date(Math.ceil(context.exchange.at / 1000 + 2) * 1000).toUTCString(),
  };
  const value = retryAfter[context.variant === 'date' ? 'date' : 'seconds'];
  const told = context.variant === 'seconds' || context.variant === 'date';
  return told ? { ...answer, headers: { ...answer.headers, 'Retry-After': value } } : answer;
}

function oversize(context: SubmitContext): Answer {
  const { requestId } = context.exchange;
  const text = 'request body exceeds 128 MB: request body too large';
  if (context.variant === 'html') {
    return html(
      413,
      '<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n</html>\r\n',
    );
  }
  if (context.variant === 'json') return taskError(413, 'read_request_body_failed', text);
  const message = `Invalid request: Invalid request: ${text}`;
  return apiError(400, { code: '', message, requestId });
}
