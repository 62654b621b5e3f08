import type { FailureKind } from '../../contract/failure.ts';
import type { SubmitOutcome } from '../gateway-error.ts';
import type { Topic } from './topics.ts';

/** The detected format of a response body. */
export type BodyShape = 'json' | 'html' | 'text' | 'empty';

/** One row of a table. All given conditions must hold. */
export interface Rule {
  /** Single statuses and inclusive ranges. */
  status?: readonly (number | readonly [number, number])[];
  /** Codes as sent. A trailing `*` matches any suffix. */
  codes?: readonly string[];
  types?: readonly string[];
  shapes?: readonly BodyShape[];
  /** The body has `success: false`. */
  refused?: true;
  /** A numeric vendor error code (Jimeng, Hailuo) in `{code,message,data}`. */
  vendorNumber?: true;
  about?: Topic;
  kind: FailureKind;
  outcome?: SubmitOutcome;
  pause?: true;
  /** Added to the message if the gateway's text alone does not say what to do. */
  says?: string;
}

const success = [200, 299] as const;
const quotaCodes = ['insufficient_user_quota', 'pre_consume_token_quota_failed'];

/**
 * Codes sent after the vendor call began: the response is the same with and without a running, billed job.
 * `get_channel_failed` means that the gateway found no channel for a retry; the outcome of its first attempt is unknown.
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

/** The gateway's own validation errors, sent before it calls a vendor. */
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

/** Statuses that reject the request permanently. Other 4xx are ambiguous. */
const refusing = [400, 406, 411, 413, 414, 415, 416, 417, 422, 431, 451];

/** Statuses of vendor errors (Jimeng and Hailuo numbers, Ali). The status is the vendor's own and not significant. */
const vendorStatuses = [success, 400, 500];

/** See docs/gateway.md, submit. Order matters: codes first, then statuses. */
export const submitRules: readonly Rule[] = [
  { about: 'submitted', kind: 'submit_unknown', outcome: 'unknown' },
  { status: [429], kind: 'rate_limited', outcome: 'not_accepted' },
  { codes: unknownCodes, kind: 'submit_unknown', outcome: 'unknown' },
  { types: ['new_api_panic'], kind: 'submit_unknown', outcome: 'unknown' },
  // The vendor's create response was not 200. A 201 or 202 is an acceptance.
  {
    codes: ['fail_to_fetch_task'],
    status: [[200, 399], 408, [499, 599]],
    kind: 'submit_unknown',
    outcome: 'unknown',
  },
  { codes: ['fail_to_fetch_task'], about: 'moderation', kind: 'moderation', outcome: 'refused' },
  // The vendor rejected the gateway's credential or account, not ours.
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
  // Redirects are not followed, so the requested server created nothing.
  { status: [[300, 399]], kind: 'gateway_unavailable', outcome: 'refused' },
  { status: [404, 405], kind: 'invalid_request', outcome: 'refused' },
  { status: refusing, about: 'moderation', kind: 'moderation', outcome: 'refused' },
  { status: refusing, kind: 'invalid_request', outcome: 'refused' },
];

/** The API key is currently rejected. */
const lockedOut: readonly Rule[] = [
  { status: [403], shapes: ['html'], kind: 'gateway_unavailable' },
  { codes: quotaCodes, status: [[400, 499]], kind: 'quota' },
  { status: [401, 403], about: 'quota', kind: 'quota' },
  { status: [402], kind: 'quota' },
  { status: [401, 403], kind: 'auth' },
];

/** See docs/gateway.md, poll. No row here fails a job. */
export const statusRules: readonly Rule[] = [
  // The state cannot be read at the moment, regardless of status and code.
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

/** See docs/gateway.md, download. `result_missing` with 400, 401, 403 or 404: poll the status again. */
export const downloadRules: readonly Rule[] = [
  { status: [429], kind: 'rate_limited' },
  { codes: ['media_expired', 'artifact_gone'], kind: 'result_expired' },
  { status: [410], kind: 'result_expired' },
  // The kept part no longer matches the file: restart the download.
  { status: [416], kind: 'truncated' },
  { status: [408, 425, 499], kind: 'gateway_unavailable' },
  { status: [[400, 499]], kind: 'result_missing' },
];

export const modelRules: readonly Rule[] = [{ status: [429], kind: 'rate_limited' }, ...lockedOut];

export const searchRules: readonly Rule[] = [
  { status: [429], kind: 'rate_limited' },
  // The dashboard rejects with HTTP 200: this means no access, not "no such job".
  { status: [success], refused: true, kind: 'auth' },
  { status: [403], shapes: ['html'], kind: 'gateway_unavailable' },
  { status: [401, 402, 403], kind: 'auth' },
];

export const balanceRules = modelRules;

/** Requests an upload ticket. Older gateways do not have the path. */
export const ticketRules: readonly Rule[] = [
  ...modelRules,
  {
    status: [404, 405],
    kind: 'invalid_request',
    says: 'this gateway does not support uploads; use an https URL instead',
  },
  { status: [400, 413, 415, 422], kind: 'invalid_request' },
];

/** A used or expired ticket is not an error of the file: the next attempt requests a new ticket. */
export const uploadRules: readonly Rule[] = [
  { status: [429], kind: 'rate_limited' },
  { status: [413, 415], kind: 'invalid_request' },
];
