import { describe, expect, test } from 'vitest';
import {
  webhookBusy,
  webhookEnded,
  webhookFailed,
} from '../../src/activities/webhooks/webhook-failures.ts';
import { readFailure } from '../../src/webhooks/delivery.ts';
import type { WebhookAnswer } from '../../src/webhooks/post-webhook.ts';

const attempt = { endpointId: 'we_1', attempt: 7 };

describe('the failure of an attempt', () => {
  test.each<WebhookAnswer>([
    { outcome: 'answered', status: 500, said: '' },
    { outcome: 'unanswered', message: 'No complete response within 10000 ms' },
    { outcome: 'refused', message: 'it is private' },
  ])('to send is read with its kind and the number of attempts: $outcome', (answer) => {
    const url = 'https://hooks.example.com/secret';
    const failure = webhookFailed({ ...attempt, url, answer, delayMs: 1 });
    const wrapped = new Error('Activity task failed', { cause: failure });
    expect(readFailure(wrapped)).toEqual({
      failureKind: answer.outcome,
      attempts: 7,
      lastFailure: failure.message,
    });
  });

  test('that ends the delivery is read with its kind and the number of attempts', () => {
    const ended = webhookEnded({ ...attempt, reason: 'it answered 410 (gone)' });
    expect(readFailure(ended)).toMatchObject({ failureKind: 'ended', attempts: 7 });
  });

  test('that sent nothing is read as such', () => {
    const busy = webhookBusy({ endpointId: 'we_1', isProbing: true, delayMs: 1 });
    expect(readFailure(busy)).toMatchObject({ failureKind: 'busy' });
  });

  test('that is not ours is internal', () => {
    const failure = new Error('Cannot read "/srv/videos": the disk is gone');
    expect(readFailure(failure)).toMatchObject({ failureKind: 'internal', attempts: 0 });
  });
});
