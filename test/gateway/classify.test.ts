import { describe, expect, test } from 'vitest';
import { classify, type Fault, type Operation } from '../../src/gateway/faults/classify.ts';
import { readGatewayWords } from '../../src/gateway/faults/gateway-words.ts';

/** `status body` → `kind outcome|pause`; the body is a code in the first envelope, JSON, or a shape. */
type Row = [row: string, expected: string];

function judged(operation: Operation, row: string): string {
  const [status = '', ...rest] = row.split(' ');
  const { kind, submitOutcome, pause } = classify(operation, fault(Number(status), rest.join(' ')));
  return [kind, submitOutcome, pause ? 'pause' : ''].filter(Boolean).join(' ');
}

function fault(httpStatus: number, body: string): Fault {
  if (body === 'html' || body === 'empty' || body === 'text') {
    return { httpStatus, shape: body, words: { envelope: 'none' } };
  }
  const [code = '', ...message] = body.split(':');
  const json: unknown = body.startsWith('{')
    ? JSON.parse(body)
    : { code, message: message.join(':'), data: null };
  return { httpStatus, shape: 'json', words: readGatewayWords(json) };
}

const auth = '{"error":{"code":"","type":"new_api_error","message":"Invalid token"}}';
const quota = '{"error":{"code":"insufficient_user_quota","type":"new_api_error","message":"x"}}';

describe('submit', () => {
  test.each<Row>([
    ['408 empty', 'submit_unknown unknown'],
    ['499 empty', 'submit_unknown unknown'],
    ['500 empty', 'submit_unknown unknown'],
    ['502 html', 'submit_unknown unknown'],
    ['503 html', 'submit_unknown unknown'],
    ['504 html', 'submit_unknown unknown'],
    ['520 html', 'submit_unknown unknown'],
    ['524 html', 'submit_unknown unknown'],
    ['500 brand_new_code', 'submit_unknown unknown'],
    ['500 rate_limit_check_failed', 'submit_unknown unknown'],
    ['500 do_request_failed', 'submit_unknown unknown'],
    ['500 unmarshal_response_body_failed', 'submit_unknown unknown'],
    ['500 read_response_body_failed', 'submit_unknown unknown'],
    ['500 invalid_response', 'submit_unknown unknown'],
    ['500 0', 'submit_unknown unknown'],
    ['500 task_insert_failed', 'submit_unknown unknown'],
    ['500 task_billing_settlement_failed', 'submit_unknown unknown'],
    ['500 {"error":{"type":"new_api_panic","message":"x"}}', 'submit_unknown unknown'],
    ['201 fail_to_fetch_task', 'submit_unknown unknown'],
    ['500 fail_to_fetch_task', 'submit_unknown unknown'],
    ['408 fail_to_fetch_task', 'submit_unknown unknown'],
    ['400 fail_to_fetch_task:length limit exceeded', 'invalid_request refused'],
    ['400 fail_to_fetch_task:content moderated (nsfw)', 'moderation refused'],
    ['401 fail_to_fetch_task:Incorrect API key', 'no_channel not_accepted'],
    ['402 fail_to_fetch_task', 'no_channel not_accepted'],
    ['403 fail_to_fetch_task', 'no_channel not_accepted'],
    [
      '403 fail_to_fetch_task:{"error":{"code":"moderation_blocked","message":"x"}}',
      'moderation refused',
    ],
    ['429 fail_to_fetch_task', 'rate_limited not_accepted'],
    ['429 empty', 'rate_limited not_accepted'],
    ['429 html', 'rate_limited not_accepted'],
    ['429 channel_concurrency_limit_exceeded', 'rate_limited not_accepted'],
    ['500 get_channel_failed', 'submit_unknown unknown'],
    ['500 task_submit_failed', 'submit_unknown unknown'],
    ['502 plugin_submit_response_failed', 'submit_unknown unknown'],
    ['502 plugin_submit_response_invalid', 'submit_unknown unknown'],
    ['400 fail_to_fetch_task:任务已提交，请勿重复提交', 'submit_unknown unknown'],
    ['429 fail_to_fetch_task:请勿重复提交', 'submit_unknown unknown'],
    ['400 task_failed:结果稍后可查，无需重新提交', 'submit_unknown unknown'],
    ['503 token_concurrency_unavailable', 'gateway_unavailable not_accepted'],
    ['503 strict_session_binding_unavailable', 'gateway_unavailable not_accepted'],
    ['400 plugin_request_invalid', 'invalid_request refused'],
    ['400 plugin_usage_invalid', 'invalid_request refused'],
    ['400 invalid_callback_url', 'invalid_request refused'],
    ['400 1008:hailuo api error: insufficient balance', 'no_channel not_accepted'],
    ['400 1004:login fail', 'no_channel not_accepted'],
    ['500 1102:Account balance not enough', 'no_channel not_accepted'],
    ['200 ali_api_error:Arrearage: Access denied, overdue-payment', 'no_channel not_accepted'],
    [
      '400 fail_to_fetch_task:{"code":"CreditInsufficient","message":"x"}',
      'no_channel not_accepted',
    ],
    [
      '400 fail_to_fetch_task:{"code":1102,"message":"Account balance not enough"}',
      'no_channel not_accepted',
    ],
    ['400 fail_to_fetch_task:账户余额不足', 'no_channel not_accepted'],
    ['503 model_not_found', 'no_channel not_accepted'],
    ['200 {"error":{"code":"model_not_found","message":"x"}}', 'no_channel not_accepted'],
    ['503 acquire_channel_concurrency_failed', 'no_channel not_accepted'],
    ['503 video_queue_full', 'rate_limited not_accepted'],
    ['500 gen_relay_info_failed', 'gateway_unavailable not_accepted'],
    ['500 setup_locked_channel_failed', 'gateway_unavailable not_accepted'],
    ['500 build_request_failed', 'invalid_request refused'],
    ['500 50411:Pre Img Risk Not Pass', 'moderation refused'],
    ['500 50429:Request Has Reached API Limit', 'rate_limited not_accepted'],
    ['500 50430', 'rate_limited not_accepted'],
    ['500 50400', 'invalid_request refused'],
    ['400 1026:sensitive', 'moderation refused'],
    ['502 50411', 'submit_unknown unknown'],
    ['500 502:bad gateway', 'submit_unknown unknown'],
    ['200 ali_api_error:InvalidParameter: x', 'invalid_request refused'],
    [
      '200 ali_api_error:Throttling.RateQuota: Requests rate limit exceeded',
      'rate_limited not_accepted',
    ],
    ['400 invalid_seconds', 'invalid_request refused'],
    ['400 task_failed', 'invalid_request refused'],
    ['400 {"error":{"code":"","type":"new_api_error"}}', 'invalid_request refused'],
    [
      '400 {"code":null,"message":"bad","param":"x","type":"invalid_request_error"}',
      'invalid_request refused',
    ],
    ['413 html', 'invalid_request refused'],
    ['422 {"detail":[{"msg":"x"}]}', 'invalid_request refused'],
    [`401 ${auth}`, 'auth refused'],
    ['401 {"error":{"message":"该令牌额度已用尽","type":"new_api_error"}}', 'quota refused'],
    [`403 ${quota}`, 'quota refused'],
    ['403 pre_consume_token_quota_failed', 'quota refused'],
    ['402 empty', 'quota refused'],
    ['403 access_denied', 'auth refused'],
    ['403 {"error":{"code":"","message":"User has been banned"}}', 'auth refused'],
    [
      '403 {"error":{"code":"","message":"This token has no access to model kling-v1"}}',
      'invalid_request refused',
    ],
    [
      '403 {"error":{"code":"","message":"该令牌无权访问模型 kling-v1"}}',
      'invalid_request refused',
    ],
    ['404 html', 'invalid_request refused'],
    ['302 empty', 'gateway_unavailable refused'],
    ['200 {"error":{"message":"x"}}', 'submit_unknown unknown'],
    ['200 html', 'submit_unknown unknown'],
    ['200 {"success":false,"message":"x"}', 'submit_unknown unknown'],
    ['409 empty', 'submit_unknown unknown'],
  ])('%s → %s', (row, expected) => {
    expect(judged('submit', row)).toBe(expected);
  });

  test('money is in doubt exactly where the outcome is', () => {
    expect(classify('submit', fault(500, 'empty')).billed).toBe('maybe');
    expect(classify('submit', fault(429, 'empty')).billed).toBe('no');
    expect(classify('submit', fault(400, 'invalid_size')).billed).toBe('no');
  });
});

describe('status', () => {
  test.each<Row>([
    [`401 ${auth}`, 'auth pause'],
    [`403 ${quota}`, 'quota pause'],
    ['402 empty', 'quota pause'],
    ['403 access_denied', 'auth pause'],
    ['403 html', 'gateway_unavailable pause'],
    ['400 task_not_exist', 'task_not_found'],
    [
      '404 {"code":null,"message":"Task not found","type":"invalid_request_error"}',
      'task_not_found',
    ],
    [
      '404 {"code":null,"message":"查询失败，无需重新提交","type":"x_error"}',
      'gateway_unavailable',
    ],
    ['404 html', 'gateway_unavailable'],
    ['400 invalid_channel_id', 'gateway_unavailable'],
    ['410 media_expired', 'result_expired'],
    ['429 empty', 'rate_limited'],
    ['408 empty', 'gateway_unavailable'],
    ['500 convert_to_openai_video_failed', 'gateway_unavailable'],
    ['500 get_task_failed', 'gateway_unavailable'],
    ['501 not_implemented', 'gateway_unavailable'],
    ['502 html', 'gateway_unavailable'],
    ['503 media_unavailable', 'gateway_unavailable'],
    ['307 empty', 'gateway_unavailable'],
    ['200 html', 'gateway_unavailable'],
  ])('%s → %s', (row, expected) => {
    expect(judged('status', row)).toBe(expected);
  });
});

describe('download', () => {
  test.each<Row>([
    [
      '400 {"error":{"message":"Task is not completed yet, current status: FAILURE"}}',
      'result_missing',
    ],
    ['401 empty', 'result_missing'],
    ['403 text', 'result_missing'],
    ['404 {"error":{"message":"Media not found","type":"media_not_found"}}', 'result_missing'],
    ['410 empty', 'result_expired'],
    ['416 empty', 'truncated'],
    ['429 empty', 'rate_limited'],
    ['408 empty', 'gateway_unavailable'],
    ['500 empty', 'gateway_unavailable'],
    ['502 {"error":{"message":"Upstream service returned status 403"}}', 'gateway_unavailable'],
    ['504 html', 'gateway_unavailable'],
  ])('%s → %s', (row, expected) => {
    expect(judged('download', row)).toBe(expected);
  });
});

describe('models', () => {
  test.each<Row>([
    [`401 ${auth}`, 'auth'],
    [`403 ${quota}`, 'quota'],
    ['200 html', 'gateway_unavailable'],
    ['404 html', 'gateway_unavailable'],
  ])('%s → %s', (row, expected) => {
    expect(judged('models', row)).toBe(expected);
  });
});
