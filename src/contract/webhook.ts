/**
 * The events that webhooks report. `video.completed`: the verified file is stored. `video.failed` and `video.cancelled`:
 * the run has ended without it. `video.unresolved`: a person must decide about a submit. `video.overdue`: the deadline
 * has passed, and polling continues. `batch.completed`: every row of a run of a batch has ended.
 */
export const webhookEventTypes = [
  'video.completed',
  'video.failed',
  'video.cancelled',
  'video.unresolved',
  'video.overdue',
  'batch.completed',
] as const;
/** One of {@link webhookEventTypes}. */
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** The body of a webhook. It names what happened; the receiver reads the details over the API. */
export interface WebhookEvent {
  /** `evt_` and hex digits. The same for each delivery of this event, to every endpoint. */
  id: string;
  object: 'event';
  type: WebhookEventType | 'webhook.test';
  /** Seconds since the epoch. */
  created_at: number;
  data: {
    /** Of the HTTP API (`video_…`) for its videos; otherwise the workflow id without its prefix. */
    id: string;
    object: 'video' | 'batch' | 'webhook_endpoint';
    /** Not sent to the endpoint of a tenant. */
    workflow_id?: string;
  };
}

/** Input of `announceEvent`. Its identifying fields determine the id of the event. */
export interface AnnounceEventInput {
  type: WebhookEventType;
  /** Workflow id of the video or batch. */
  workflowId: string;
  /** First run of the chain of runs that continued as new. A later run of the same id is another event. */
  firstRunId: string;
  /** Counts the events of this type of one run, from 0: a submit may become unresolved more than once. */
  occurrence: number;
  /** Milliseconds since the epoch. */
  occurredAt: number;
  /** Start of the first run, in milliseconds since the epoch: the event was not announced before. Absent if unknown. */
  sinceMs?: number;
  /** `callback_url` of the requests of this video. */
  callbackUrls?: string[];
}

/** Input of `deliverWebhook`: one event for one endpoint. The secrets are read from the storage. */
export interface DeliverWebhookInput {
  event: WebhookEvent;
  endpointId: string;
  /** For an endpoint that allows callbacks to a host: the `callback_url`. */
  url?: string;
}

/** Result of `deliverWebhook`. */
export interface WebhookDelivered {
  /** Status of the response, 2xx. */
  status: number;
  /** Attempts, including this one. */
  attempts: number;
}

/** The activities of webhooks. */
export interface WebhookActivities {
  /** Records the event and starts one delivery for each endpoint that wants it. Does nothing without endpoints. */
  announceEvent(input: AnnounceEventInput): Promise<void>;
  /** One POST per attempt. Fails with a retryable failure until the endpoint answers 2xx. */
  deliverWebhook(input: DeliverWebhookInput): Promise<WebhookDelivered>;
}

/** Workflow types of webhooks. */
export const webhookWorkflowTypes = {
  /** Delivers on a server without standalone activities. */
  deliver: 'deliverWebhookWorkflow',
  /** Announces an event that a run could not announce before it ended. */
  announce: 'announceEventWorkflow',
} as const;

/** Prefix of the ids of deliveries: `webhook/<event id>/<endpoint id>`. A delivery by hand ends with `/replay-<n>`. */
export const deliveryIdPrefix = 'webhook/';

/** Types of the failures of `deliverWebhook`. */
export const webhookFailureTypes = {
  /** The endpoint did not answer 2xx; retried. */
  failed: 'WebhookFailed',
  /** Not retried: the endpoint answered 410, or was removed. */
  ended: 'WebhookEnded',
  /** Nothing was sent, since enough attempts to the endpoint are running; retried. */
  busy: 'WebhookBusy',
} as const;

/**
 * Waits after an attempt of a delivery that timed out, could not read the storage, or lost its worker. They grow with the
 * number of attempts, and many attempts may have sent nothing, so the longest is short. Other failures carry their wait.
 */
export const deliveryRetry = {
  initialInterval: 10_000,
  backoffCoefficient: 2,
  maximumInterval: 300_000,
};

/** How long a delivery is retried. */
export const deliveryMs = 3 * 24 * 3_600_000;

/** Where events are sent: an address, or a host to which requests may send their own `callback_url`. */
export interface WebhookEndpoint {
  /** `we_` and hex digits. */
  id: string;
  /** The tenant of the HTTP API that it belongs to, or null: it receives the events of all videos and batches. */
  tenant: string | null;
  target: { url: string } | { callbackHost: string };
  /** Default: all events. */
  types?: WebhookEventType[];
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Newest first, at most two: each webhook is signed with both. `whsec_` and Base64. */
  secrets: string[];
}
