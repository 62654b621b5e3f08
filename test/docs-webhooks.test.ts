import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { deliveryMs, webhookEventTypes } from '../src/contract/webhook.ts';
import { secretBytes } from '../src/storage/records/endpoint-secrets.ts';
import { maxEndpoints } from '../src/storage/records/webhook-endpoints.ts';
import { eventsKeptDays } from '../src/storage/records/webhook-events.ts';
import { listedMost } from '../src/webhooks/delivery-log.ts';
import { webhookBody } from '../src/webhooks/webhook-event.ts';
import { webhookTimeoutMs } from '../src/webhooks/post-webhook.ts';
import type { WebhookEvent } from '../src/contract/webhook.ts';

const text = await readFile(new URL('../docs/webhooks.md', import.meta.url), 'utf8');

describe('docs/webhooks.md', () => {
  test('has a row for each event, with the object that it is about', () => {
    const rows = [...text.matchAll(/^\| `([a-z.]+)` \| .+ \| `(\w+)` \|$/gm)];
    expect(rows.map(([, type, object]) => ({ type, object }))).toEqual(
      webhookEventTypes.map((type) => ({ type, object: type.split('.')[0] })),
    );
  });

  test('shows a body with the fields in the order in which they are sent', () => {
    const [, shown = ''] = /```json\n([\s\S]+?)```/.exec(text) ?? [];
    const event = JSON.parse(shown) as WebhookEvent;
    expect(webhookBody(event)).toBe(JSON.stringify(event));
  });

  test('names the limits of the code', () => {
    const { min, max, made } = secretBytes;
    const limits = [
      `for ${deliveryMs / 86_400_000} days`,
      `kept for ${eventsKeptDays} days`,
      `A tenant may have ${maxEndpoints}.`,
      `among the newest ${listedMost.toLocaleString('en-US')} of all endpoints`,
      `After ${webhookTimeoutMs / 1_000} s the attempt counts as failed`,
      `Base64 of ${min} to ${max} bytes, by default ${made} random ones`,
    ];
    expect(limits.filter((words) => !text.replaceAll('\n', ' ').includes(words))).toEqual([]);
  });
});
