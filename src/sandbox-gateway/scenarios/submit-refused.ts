import { empty, html, json, type Answer } from '../answer.ts';
import { apiError, invalidUrl, taskError, vendorError } from '../errors.ts';
import type { SubmitContext, SubmitScenario } from './scenario.ts';

/** Creates that are permanently refused; nothing is charged. */
export const refusedScenarios: readonly SubmitScenario[] = [
  {
    number: 12,
    name: 'submit-port-closed',
    phase: 'submit',
    line: 'run default only: the port is closed for 5 s of gateway time (=SECONDS), then as usual',
    numberSets: 'value',
    answer: () => null,
  },
  {
    number: 19,
    name: 'submit-vendor-number',
    phase: 'submit',
    line: "500 with the vendor's number as code: 50411; =1026, =1008 (HTTP 400), =50429",
    variants: ['50411', '50429', '1026', '1008'],
    answer: (context) => vendorNumber(context.variant),
  },
  {
    number: 20,
    name: 'submit-build-failed',
    phase: 'submit',
    line: '500 build_request_failed, nothing was sent',
    answer: () =>
      taskError(
        500,
        'build_request_failed',
        'unmarshal metadata failed: unmarshal metadata failed: json: cannot unmarshal number into Go struct field requestPayload.duration of type string',
      ),
  },
  {
    number: 26,
    name: 'submit-400-code',
    phase: 'submit',
    line: '400 with a validation code: =invalid_request (default) or any other; =routing code ""',
    variants: 'any',
    answer: (context) =>
      context.variant === 'routing'
        ? refused(context, [400, ''], 'Invalid request: Invalid request: invalid JSON request body')
        : taskError(400, context.variant ?? 'invalid_request', 'the request was refused'),
  },
  {
    number: 27,
    name: 'submit-vendor-400',
    phase: 'submit',
    line: '400 fail_to_fetch_task, vendor JSON inside: "length limit exceeded"; =nsfw moderation, =account balance of the operator',
    variants: ['length', 'nsfw', 'account'],
    answer: (context) => {
      if (context.variant === 'account') {
        return vendorError(400, { code: 1102, message: 'Account balance not enough' });
      }
      const moderated = context.variant === 'nsfw';
      const message = moderated ? 'content moderated (nsfw)' : 'length limit exceeded';
      const code = moderated ? 'moderation_blocked' : null;
      return vendorError(400, { error: { message, type: 'invalid_request_error', code } });
    },
  },
  {
    number: 28,
    name: 'submit-2xx-error',
    phase: 'submit',
    line: "201 fail_to_fetch_task with the vendor's success inside (vendor job exists); =202, =ali",
    variants: ['201', '202', 'ali'],
    answer: (context) => errorWith2xx(context),
  },
  {
    number: 29,
    name: 'submit-401',
    phase: 'submit',
    line: '401 new_api_error; =quota with the text of an exhausted API key',
    variants: ['key', 'quota'],
    answer: (context) =>
      context.variant === 'quota'
        ? refused(context, [401, ''], 'This token has insufficient quota')
        : refused(context, [401, ''], context.exchange.chinese ? '无效的令牌' : 'Invalid token'),
  },
  {
    number: 30,
    name: 'submit-403-quota',
    phase: 'submit',
    line: '403 insufficient_user_quota (account); =key, =pre pre_consume_token_quota_failed',
    variants: ['account', 'key', 'pre'],
    answer: (context) => quotaShort(context),
  },
  {
    number: 31,
    name: 'submit-403-denied',
    phase: 'submit',
    line: '403 access_denied; =banned code ""; =model the API key is limited to other models, code ""',
    variants: ['denied', 'banned', 'model'],
    answer: (context) => denied(context),
  },
  {
    number: 32,
    name: 'submit-404-path',
    phase: 'submit',
    line: '404 Invalid URL',
    answer: ({ exchange }) => invalidUrl(exchange.method, exchange.pathname),
  },
  {
    number: 40,
    name: 'submit-redirect',
    phase: 'submit',
    line: '307 to the media origin; =302; no job',
    variants: ['302', '307'],
    answer: ({ variant, exchange, origins }) =>
      empty(Number(variant ?? 307), { Location: `${origins.media}${exchange.path}` }),
  },
  {
    number: 146,
    name: 'submit-strict-types',
    phase: 'submit',
    line: '400 invalid_asset_request if duration is not a JSON integer or seed is a string',
    answer: (context) => {
      const { duration, seed } = context.request.body;
      const odd = duration !== undefined && !Number.isInteger(duration);
      return odd || typeof seed === 'string'
        ? refused(context, [400, 'invalid_asset_request'], 'invalid asset request')
        : null;
    },
  },
  {
    number: 147,
    name: 'submit-wrong-base',
    phase: 'submit',
    line: '200 with the web page, no job, as outside /v1; =slash 307 with a relative Location',
    variants: ['html', 'slash'],
    answer: ({ variant, exchange }) =>
      variant === 'slash'
        ? empty(307, { Location: exchange.pathname })
        : html(200, '<!doctype html><title>x</title>\n'),
  },
];

function refused(
  context: SubmitContext,
  [status, code]: [status: number, code: string],
  message: string,
): Answer {
  return apiError(status, { code, message, requestId: context.exchange.requestId });
}

function denied(context: SubmitContext): Answer {
  switch (context.variant) {
    case 'banned':
      return refused(context, [403, ''], 'User has been banned');
    case 'model': {
      const { model } = context.request;
      const { chinese } = context.exchange;
      const text = chinese ? '该令牌无权访问模型' : 'This token has no access to model';
      return refused(context, [403, ''], `${text} ${model}`);
    }
    default:
      return refused(context, [403, 'access_denied'], 'This token status is unavailable');
  }
}

function vendorNumber(variant: string | null): Answer {
  switch (variant) {
    case '1026': {
      const text = 'hailuo api error: video description contains sensitive content';
      return taskError(400, '1026', text);
    }
    case '1008':
      return taskError(400, '1008', 'hailuo api error: insufficient balance');
    case '50429':
      return taskError(500, '50429', 'Request Has Reached API Limit');
    default:
      return taskError(500, '50411', 'Pre Img Risk Not Pass');
  }
}

function errorWith2xx(context: SubmitContext): Answer {
  if (context.variant === 'ali') {
    const text = 'DataInspectionFailed: Input data may contain inappropriate content.';
    return taskError(200, 'ali_api_error', text);
  }
  const id = context.orphan();
  const vendorBody = { id, object: 'video', model: context.request.model, status: 'queued' };
  return vendorError(Number(context.variant ?? 201), vendorBody);
}

function quotaShort(context: SubmitContext): Answer {
  const { chinese } = context.exchange;
  switch (context.variant) {
    case 'key': {
      const text = 'This token has insufficient quota';
      return refused(context, [403, 'insufficient_user_quota'], text);
    }
    case 'pre': {
      const text =
        'Token quota is not enough, token remaining quota: ＄0.160000, required quota: ＄0.400000';
      return taskError(403, 'pre_consume_token_quota_failed', text);
    }
    default: {
      const text = chinese
        ? '预扣费额度失败, 用户剩余额度: ＄0.002000, 需要预扣费额度: ＄0.140000'
        : 'Failed to pre-deduct quota, user remaining quota: ＄0.002000, required pre-deduct quota: ＄0.140000';
      return json(403, { code: 'insufficient_user_quota', message: text, data: null });
    }
  }
}
