import { describe, expect, test } from 'vitest';
import type { AnnounceEventInput, WebhookEndpoint } from '../../src/contract/webhook.ts';
import { eventFor, webhookBody, webhookEvent } from '../../src/webhooks/webhook-event.ts';
import { webhookTargets } from '../../src/webhooks/webhook-targets.ts';

const apiId = `video_${'a'.repeat(40)}`;
const announced: AnnounceEventInput = {
  type: 'video.completed',
  workflowId: `video/@acme/${apiId}`,
  firstRunId: 'run-1',
  occurrence: 0,
  occurredAt: 1_790_000_000_900,
};

describe('the id of an event', () => {
  test('is the same for each announcement of it, whatever time it is', () => {
    const { id } = webhookEvent(announced);
    expect(id).toMatch(/^evt_[0-9a-f]{40}$/);
    expect(webhookEvent({ ...announced, occurredAt: 5, callbackUrls: ['x'] }).id).toBe(id);
  });

  test.each([
    { type: 'video.failed' as const },
    { workflowId: 'video/b' },
    { firstRunId: 'run-2' },
    { occurrence: 1 },
  ])('differs for another event: %j', (other) => {
    expect(webhookEvent({ ...announced, ...other }).id).not.toBe(webhookEvent(announced).id);
  });
});

test('the data of an event name a video of a tenant by its id of the HTTP API, and others without prefix', () => {
  const idIn = (workflowId: string) => webhookEvent({ ...announced, workflowId }).data;
  expect(idIn(announced.workflowId)).toMatchObject({ id: apiId, object: 'video' });
  expect(idIn('video/trailer/row 1')).toMatchObject({ id: 'trailer/row 1', object: 'video' });
  expect(idIn('batch/trailer')).toMatchObject({ id: 'trailer', object: 'batch' });
});

test('the body is the same bytes after its event passed JSON with its fields in another order', () => {
  const event = webhookEvent(announced);
  const { data, ...rest } = event;
  const { workflow_id = '', ...named } = data;
  const shuffled = { data: { workflow_id, ...named }, ...rest };
  expect(webhookBody(shuffled)).toBe(webhookBody(event));
  expect(JSON.parse(webhookBody(event))).toEqual(event);
});

test('a tenant is not told the workflow id', () => {
  const event = webhookEvent(announced);
  expect(webhookBody(eventFor(event, { tenant: 'acme' }))).not.toContain('@acme');
  expect(webhookBody(eventFor(event, { tenant: null }))).toContain('@acme');
});

describe('an event is sent', () => {
  const endpoint = (id: string, more: Partial<WebhookEndpoint>): WebhookEndpoint => ({
    id,
    tenant: null,
    target: { url: 'https://hooks.example.com/in' },
    createdAt: 0,
    secrets: ['whsec_c2VjcmV0'],
    ...more,
  });
  const callbacks = { callbackHost: 'hooks.example.com' };
  const targetsOf = (endpoints: WebhookEndpoint[], more: Partial<AnnounceEventInput> = {}) =>
    webhookTargets(endpoints, { ...announced, ...more }, { trustedOrigins: [] });

  test('to the endpoints of its tenant and of the operator, not to those of another tenant', () => {
    const all = [
      endpoint('we_operator', {}),
      endpoint('we_own', { tenant: 'acme' }),
      endpoint('we_other', { tenant: 'acme-2' }),
    ];
    expect(targetsOf(all)).toEqual([{ endpointId: 'we_operator' }, { endpointId: 'we_own' }]);
    const unowned = targetsOf(all, { workflowId: 'video/@acmes-batch' });
    expect(unowned).toEqual([{ endpointId: 'we_operator' }]);
  });

  test('only to endpoints that want its type', () => {
    const all = [
      endpoint('we_a', { types: ['video.failed'] }),
      endpoint('we_b', { types: ['video.completed'] }),
    ];
    expect(targetsOf(all)).toEqual([{ endpointId: 'we_b' }]);
  });

  test('to a callback_url once, and only on a host that the owner of the video allows', () => {
    const url = 'https://hooks.example.com/cb?t=1';
    const callbackUrls = [
      url,
      'https://evil.example.com/cb',
      'http://hooks.example.com/cb',
      'nonsense',
    ];
    const own = endpoint('we_own', { tenant: 'acme', target: callbacks });
    const twice = endpoint('we_twice', { tenant: 'acme', target: callbacks });
    expect(targetsOf([own, twice], { callbackUrls })).toEqual([{ endpointId: 'we_own', url }]);
    const operator = endpoint('we_operator', { target: callbacks });
    expect(targetsOf([operator], { callbackUrls })).toEqual([]);
    const batch = { workflowId: 'video/trailer/1', callbackUrls };
    expect(targetsOf([own, operator], batch)).toEqual([{ endpointId: 'we_operator', url }]);
  });
});
