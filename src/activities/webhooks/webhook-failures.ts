import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { webhookFailureTypes } from '../../contract/webhook.ts';
import type { WebhookFailureDetails } from '../../webhooks/delivery.ts';
import type { WebhookAnswer } from '../../webhooks/post-webhook.ts';

/** The server keeps only 4 KB of the failure of a pending activity. */
const maxMessageLength = 1_000;

type Attempt = Pick<WebhookFailureDetails, 'endpointId' | 'attempt'>;

/** A failed attempt, which is retried. The message names the host only: path and query may be secret. */
export function webhookFailed({
  endpointId,
  attempt,
  url,
  answer,
  delayMs,
}: Attempt & {
  url: string;
  answer: WebhookAnswer;
  delayMs: number;
}): ApplicationFailure {
  const host = URL.canParse(url) ? new URL(url).host : '?';
  const message = `Webhook endpoint "${endpointId}" (${host}) ${whatHappened(answer)}`;
  const { outcome } = answer;
  const status = answer.outcome === 'answered' ? { status: answer.status } : {};
  const details: WebhookFailureDetails = { endpointId, attempt, outcome, ...status };
  return ApplicationFailure.create({
    type: webhookFailureTypes.failed,
    message: message.slice(0, maxMessageLength),
    details: [details],
    nextRetryDelay: Math.max(1, Math.ceil(delayMs)),
  });
}

/** The delivery ends without a retry. */
export function webhookEnded({ endpointId, attempt, reason }: Attempt & { reason: string }) {
  const details: WebhookFailureDetails = { endpointId, attempt };
  return ApplicationFailure.create({
    type: webhookFailureTypes.ended,
    message: `Not delivered to webhook endpoint "${endpointId}": ${reason}`,
    details: [details],
    nonRetryable: true,
  });
}

/** Nothing was sent, because enough attempts to the endpoint are running. Not a failure of the endpoint. */
export function webhookBusy({
  endpointId,
  isProbing,
  delayMs,
}: {
  endpointId: string;
  isProbing: boolean;
  delayMs: number;
}): ApplicationFailure {
  const why = isProbing
    ? 'its last attempts failed, so one at a time is sent'
    : 'enough attempts are running';
  return ApplicationFailure.create({
    type: webhookFailureTypes.busy,
    message: `Waiting for webhook endpoint "${endpointId}": ${why}`,
    nextRetryDelay: Math.max(1, Math.ceil(delayMs)),
    category: ApplicationFailureCategory.BENIGN,
  });
}

function whatHappened(answer: WebhookAnswer): string {
  switch (answer.outcome) {
    case 'refused':
      return `was not called: ${answer.message}; if you trust it, add its origin to WEBHOOKS_TRUSTED_ORIGINS of the workers`;
    case 'unanswered':
      return `gave no answer: ${answer.message}; check that it can be reached from the workers`;
    case 'answered':
      return answered(answer);
  }
}

function answered(answer: Extract<WebhookAnswer, { outcome: 'answered' }>): string {
  const { status, said, redirectTo } = answer;
  if (status >= 300 && status <= 399) {
    const to = redirectTo === undefined ? '' : ` to "${redirectTo}"`;
    return `answered ${status}, a redirect${to}, which is not followed: set the final address`;
  }
  const quoted = said === '' ? '' : ` "${said}"`;
  return `answered ${status}${quoted}: ${advice(status)}`;
}

function advice(status: number): string {
  if (status === 401 || status === 403) return 'check the secret that the receiver verifies with';
  if (status === 404 || status === 405) return 'check its address';
  if (status === 429) return 'it asks for fewer requests';
  return 'check its log';
}
