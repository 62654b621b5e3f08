import { proxyActivities } from '@temporalio/workflow';
import type {
  AnnounceEventInput,
  DeliverWebhookInput,
  WebhookActivities,
  WebhookDelivered,
} from '../../contract/webhook.ts';
import { announceLaterOptions, webhookOptions } from '../activity-options.ts';

/** Delivers one event to one endpoint, on a server that does not know standalone activities. */
export async function deliverWebhookWorkflow(
  input: DeliverWebhookInput,
): Promise<WebhookDelivered> {
  return proxyActivities<WebhookActivities>(webhookOptions).deliverWebhook(input);
}

/** Announces an event that a run could not announce before it ended. */
export async function announceEventWorkflow(input: AnnounceEventInput): Promise<void> {
  await proxyActivities<WebhookActivities>(announceLaterOptions).announceEvent(input);
}
