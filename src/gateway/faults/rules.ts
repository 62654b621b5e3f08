import type { FailureKind } from '../../contract/failure.ts';
import type { SubmitOutcome } from '../gateway-error.ts';
import type { Topic } from './topics.ts';

/** What the body of an answer turned out to be. */
export type BodyShape = 'json' | 'html' | 'text' | 'empty';

/** One row: every condition that is named must hold. */
export interface Rule {
  /** Single statuses and ranges, both ends included. */
  status?: readonly (number | readonly [number, number])[];
  /** Codes as sent; `*` at the end stands for any ending. */
  codes?: readonly string[];
  types?: readonly string[];
  shapes?: readonly BodyShape[];
  /** The body says `success: false`. */
  refused?: true;
  /** The vendor said no in a number: Jimeng and Hailuo codes, as `{code,message,data}`. */
  vendorNumber?: true;
  about?: Topic;
  kind: FailureKind;
  outcome?: SubmitOutcome;
  pause?: true;
  /** Added to the message, where the words of the gateway alone leave open what to do. */
  says?: string;
}

const success = [200, 299] as const;
const quotaCodes = ['insufficient_user_quota', 'pre_consume_token_quota_failed'];

/**
 * Answered after the vendor call had begun: the same bytes with and without a living, paid job. `get_channel_failed` is
 * said by a gateway that found no channel for another try, after one whose outcome is not told.
 */
const unknownCodes = [
  'do_request_failed',
  'get_channel_failed',
  'task_submit_failed',
  'plugin_submit_response_*',
  'unmarshal_*',
  'read_response_body_failed',
  'invalid_response',
  '0',
  'task_insert_failed',
  'task_billing_settlement_failed',
  'request_cancelled',
];

/** Said by the gateway itself about the request, before a vendor was asked. */
const validationCodes = [
  'invalid_*',
  'missing_*',
  'model_price_error',
  'model_mapping_failed',
  'task_channel_disable',
  'channel_not_found',
  'plugin_request_invalid',
  'plugin_usage_invalid',
  'task_not_exist',
];

/** Statuses that refuse the request as it is; other 4xx are doubtful. */
const refusing = [400, 406, 411, 413, 414, 415, 416, 417, 422, 431, 451];

/** What the two vendors' numbers and Ali's error mean; the status is the vendor's own, so it says little. */
const vendorStatuses = [success, 400, 500];

/** docs/gateway.md, submit. Order matters: code first, then status. */
export const submitRules: readonly Rule[] = [
  { about: 'submitted', kind: 'submit_unknown', outcome: 'unknown' },
  { status: [429], kind: 'rate_limited', outcome: 'not_accepted' },
  { codes: unknownCodes, kind: 'submit_unknown', outcome: 'unknown' },
  { types: ['new_api_panic'], kind: 'submit_unknown', outcome: 'unknown' },
  // The vendor answered the create with something else than 200; a 201 or 202 is its acceptance.
  {
    codes: ['fail_to_fetch_task'],
    status: [[200, 399], 408, [499, 599]],
    kind: 'submit_unknown',
    outcome: 'unknown',
  },
  { codes: ['fail_to_fetch_task'], about: 'moderation', kind: 'moderation', outcome: 'refused' },
  // The vendor refused the gateway's own credential or account, not ours.
  {
    codes: ['fail_to_fetch_task'],
    status: [401, 402, 403],
    kind: 'no_channel',
    outcome: 'not_accepted',
  },
  {
    codes: ['fail_to_fetch_task'],
    about: 'operator',
    kind: 'no_channel',
    outcome: 'not_accepted',
  },
  { codes: ['fail_to_fetch_task'], kind: 'invalid_request', outcome: 'refused' },
  {
    codes: ['model_not_found', 'acquire_channel_concurrency_failed'],
    kind: 'no_channel',
    outcome: 'not_accepted',
  },
  {
    codes: ['video_queue_full', 'channel_concurrency_limit_exceeded'],
    kind: 'rate_limited',
    outcome: 'not_accepted',
  },
  {
    codes: [
      'gen_relay_info_failed',
      'setup_locked_channel_failed',
      'token_concurrency_unavailable',
      'strict_session_binding_unavailable',
    ],
    kind: 'gateway_unavailable',
    outcome: 'not_accepted',
  },
  { codes: ['build_request_failed'], kind: 'invalid_request', outcome: 'refused' },
  ...[{ vendorNumber: true as const }, { codes: ['ali_api_error'] }].flatMap((said): Rule[] => [
    {
      ...said,
      status: vendorStatuses,
      about: 'limit',
      kind: 'rate_limited',
      outcome: 'not_accepted',
    },
    {
      ...said,
      status: vendorStatuses,
      about: 'moderation',
      kind: 'moderation',
      outcome: 'refused',
    },
    {
      ...said,
      status: vendorStatuses,
      about: 'operator',
      kind: 'no_channel',
      outcome: 'not_accepted',
    },
    { ...said, status: vendorStatuses, kind: 'invalid_request', outcome: 'refused' },
  ]),
  { codes: quotaCodes, status: [[200, 499]], kind: 'quota', outcome: 'refused' },
  { status: [401, 403], about: 'quota', kind: 'quota', outcome: 'refused' },
  { status: [402], kind: 'quota', outcome: 'refused' },
  { status: [403], about: 'moderation', kind: 'moderation', outcome: 'refused' },
  {
    status: [403],
    about: 'model',
    kind: 'invalid_request',
    outcome: 'refused',
    says: 'the model is not enabled for this API key',
  },
  { status: [401, 403], kind: 'auth', outcome: 'refused' },
  { codes: ['access_denied'], status: [success], kind: 'auth', outcome: 'refused' },
  { codes: validationCodes, status: [success], kind: 'invalid_request', outcome: 'refused' },
  // Redirects are not followed, so nothing was created where we asked.
  { status: [[300, 399]], kind: 'gateway_unavailable', outcome: 'refused' },
  { status: [404, 405], kind: 'invalid_request', outcome: 'refused' },
  { status: refusing, about: 'moderation', kind: 'moderation', outcome: 'refused' },
  { status: refusing, kind: 'invalid_request', outcome: 'refused' },
];

/** The key is not let in now. */
const lockedOut: readonly Rule[] = [
  { status: [403], shapes: ['html'], kind: 'gateway_unavailable' },
  { codes: quotaCodes, status: [[400, 499]], kind: 'quota' },
  { status: [401, 403], about: 'quota', kind: 'quota' },
  { status: [402], kind: 'quota' },
  { status: [401, 403], kind: 'auth' },
];

/** docs/gateway.md, poll: nothing here fails a job. */
export const statusRules: readonly Rule[] = [
  // The state cannot be read just now, whatever the status and the code.
  { about: 'submitted', kind: 'gateway_unavailable' },
  { status: [429], kind: 'rate_limited' },
  {
    codes: ['task_not_exist', 'task_origin_not_exist'],
    status: [[200, 499]],
    kind: 'task_not_found',
  },
  { codes: ['media_expired'], kind: 'result_expired' },
  ...lockedOut.map((rule): Rule => ({ ...rule, pause: true })),
  { status: [404], shapes: ['json'], kind: 'task_not_found' },
  { status: [410], kind: 'result_expired' },
];

/** docs/gateway.md, download. `result_missing` with 400, 401, 403 or 404: ask for the status again. */
export const downloadRules: readonly Rule[] = [
  { status: [429], kind: 'rate_limited' },
  { codes: ['media_expired', 'artifact_gone'], kind: 'result_expired' },
  { status: [410], kind: 'result_expired' },
  // The kept part and the file no longer fit together: start again.
  { status: [416], kind: 'truncated' },
  { status: [408, 425, 499], kind: 'gateway_unavailable' },
  { status: [[400, 499]], kind: 'result_missing' },
];

export const modelRules: readonly Rule[] = [{ status: [429], kind: 'rate_limited' }, ...lockedOut];

export const searchRules: readonly Rule[] = [
  { status: [429], kind: 'rate_limited' },
  // The dashboard refuses with HTTP 200: no access, which is not "no such job".
  { status: [success], refused: true, kind: 'auth' },
  { status: [403], shapes: ['html'], kind: 'gateway_unavailable' },
  { status: [401, 402, 403], kind: 'auth' },
];

export const balanceRules = modelRules;

/** A file is offered. Gateways from before the uploads do not know the path. */
export const ticketRules: readonly Rule[] = [
  ...modelRules,
  {
    status: [404, 405],
    kind: 'invalid_request',
    says: 'this gateway takes no uploads, so name an https address instead',
  },
  { status: [400, 413, 415, 422], kind: 'invalid_request' },
];

/** A ticket that is used or too old is no fault of the file: the next attempt has a new one. */
export const uploadRules: readonly Rule[] = [
  { status: [429], kind: 'rate_limited' },
  { status: [413, 415], kind: 'invalid_request' },
];
