import type { Client } from '@temporalio/client';
import type { StatusReader } from '../client/status-reader.ts';
import type { StartedVideo, VideoClient } from '../client/video-client.ts';
import type { JoinWatch } from '../client/watch-videos.ts';
import type { HostGeneration } from '../contract/models/evaluate-request.ts';
import type { WebhookEndpoint } from '../contract/webhook.ts';
import type { VideoReader } from '../contract/video-reader.ts';
import type { PriceBook } from '../contract/price/price-book.ts';
import type { WebhookEndpoints } from '../storage/records/webhook-endpoints.ts';
import type { VideoStorage } from '../storage/video-storage.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { DeliveryFilter } from '../webhooks/delivery-log.ts';
import type { ReplayedDelivery } from '../webhooks/replay-event.ts';
import type { OpenStreams } from './limits/open-streams.ts';
import type { LinkPorts } from './links/signed-link.ts';
import type { RateLimit } from './limits/rate-limit.ts';
import type { ReadRetention } from './videos/expiry.ts';
import type { Tenant } from './tenants/tenant.ts';

/** What a create without an idempotency key does; see docs/http.md. */
export type WithoutKey = 'retries' | 'identical' | 'off';

/** What the HTTP API works with. */
export interface ServePorts {
  temporal: Client;
  videos: VideoClient;
  read: StatusReader;
  join: JoinWatch;
  storage: VideoStorage;
  endpoints: WebhookEndpoints;
  deliveries: DeliveryPorts;
  /** Origins where webhooks may use http and private addresses. */
  trustedOrigins: readonly string[];
  /** Reads the files of videos, over its own connections: slow downloads must not hold up claims. Default: storage. */
  contents?: VideoReader;
  host: HostGeneration;
  /** Prices of quotes. */
  prices: PriceBook;
  withoutKey: WithoutKey;
  /** The tenant of an API key; null if the key is unknown or revoked. */
  authenticate: (apiKey: string | null) => Promise<Tenant | null>;
  /** Event streams that are open per API key. */
  streams: OpenStreams;
  /** Aborted when the server stops, which ends waits and event streams. */
  closing: AbortSignal;
  /** What signed links need of the API keys. */
  links: LinkPorts;
  /** Address of the server in links, without a slash at the end. Default: the one that the caller used. */
  publicUrl?: string;
  /** By which old videos are pruned. */
  retention: ReadRetention;
  /** Requests per second of each API key. */
  rateLimit: RateLimit;
  /** Called once for each response. */
  onResponse: (entry: AccessEntry) => void;
  /** An error that is not the caller's fault. */
  onError: (error: unknown, requestId: string) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Deliveries of webhooks, in Temporal. */
export interface DeliveryPorts {
  list: (filter: DeliveryFilter) => Promise<Delivery[]>;
  /**
   * Default: to all endpoints that it was for, and an event of any tenant.
   *
   * @throws {RangeError} There is no such event, or the endpoint may not have it.
   */
  replay: (of: {
    eventId: string;
    endpointId?: string;
    tenant?: string;
  }) => Promise<ReplayedDelivery[]>;
  /** @throws {RangeError} The endpoint has no address of its own. */
  test: (endpoint: WebhookEndpoint) => Promise<ReplayedDelivery>;
}

/** A line of the access log. Contains no query and no header, because both may contain secrets. */
export interface AccessEntry {
  requestId: string;
  method: string;
  /** The pattern of the route, e.g. `/v1/videos/:id`. */
  route: string;
  status: number;
  /** Until the response headers, in milliseconds. */
  durationMs: number;
  tenant?: string;
  keyId?: string;
  videoId?: string;
  /** `error.code` of the response. */
  errorCode?: string;
  /** Of a create. */
  outcome?: StartedVideo['outcome'];
}

/** Hono's types of one request. */
export interface ServeEnv {
  Variables: {
    requestId: string;
    receivedAt: number;
    tenant: Tenant;
    /** Set by a route, for the access log. */
    outcome: StartedVideo['outcome'];
    errorCode: string;
  };
}
