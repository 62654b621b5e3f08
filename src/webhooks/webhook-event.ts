import { createHash } from 'node:crypto';
import { batchIdPrefix } from '../contract/batch.ts';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import type { AnnounceEventInput, WebhookEndpoint, WebhookEvent } from '../contract/webhook.ts';
import { apiIdOf, tenantOf } from '../identity/tenant-video.ts';

/** Length of the hash in the id of an event, in hex digits: 160 bits. */
const hashLength = 40;

/** The event as it is recorded. The same announcement always gives the same id. */
export function webhookEvent(announced: AnnounceEventInput): WebhookEvent {
  const { type, workflowId, firstRunId, occurrence, occurredAt } = announced;
  const hash = createHash('sha256')
    .update(JSON.stringify([workflowId, firstRunId, type, occurrence]))
    .digest('hex');
  const object = workflowId.startsWith(batchIdPrefix) ? 'batch' : 'video';
  const prefix = object === 'batch' ? batchIdPrefix : workflowIdPrefix;
  const id =
    tenantOf(workflowId) === null ? withoutPrefix(workflowId, prefix) : apiIdOf(workflowId);
  return {
    id: `evt_${hash.slice(0, hashLength)}`,
    object: 'event',
    type,
    created_at: Math.floor(occurredAt / 1_000),
    data: { id, object, workflow_id: workflowId },
  };
}

/** The event as this endpoint receives it: a tenant does not see workflow ids. */
export function eventFor(event: WebhookEvent, { tenant }: Pick<WebhookEndpoint, 'tenant'>) {
  if (tenant === null) return event;
  const { workflow_id: _, ...data } = event.data;
  return { ...event, data };
}

/** The exact bytes that are signed and sent, the same for each delivery. */
export function webhookBody({ id, object, type, created_at, data }: WebhookEvent): string {
  const { id: dataId, object: dataObject, workflow_id } = data;
  const ordered = {
    id: dataId,
    object: dataObject,
    ...(workflow_id !== undefined && { workflow_id }),
  };
  return JSON.stringify({ id, object, type, created_at, data: ordered });
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
