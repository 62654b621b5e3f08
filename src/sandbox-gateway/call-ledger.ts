import type { MadeVideo } from './vendors/vendor-plan.ts';

/** Headers as they arrived, names in lower case. */
export type SeenHeaders = Record<string, string>;

/** One received create POST, whatever its outcome. */
export interface SeenPost {
  at: number;
  path: string;
  headers: SeenHeaders;
  /** The body, byte for byte as UTF-8 text; cut short when the connection was reset early. */
  rawBody: string;
  /** The parsed JSON or form body, null when it is neither. */
  body: Record<string, unknown> | null;
  /** The applied scenarios, as they were written. */
  scenarios: string[];
}

/** One job that was charged. `hidden` jobs are paid but unknown to the status routes. */
export interface PaidJob {
  jobId: string;
  format: 'generations' | 'videos';
  model: string;
  prompt: string;
  at: number;
  price: number;
  refunded: boolean;
  hidden: boolean;
  /** Of a model that a plugin serves. */
  made?: MadeVideo;
}

/** One requested upload, with or without its bytes. */
export interface SeenUpload {
  at: number;
  url: string;
  mimeType: string;
  sizeBytes: number;
  /** Base64url without padding. */
  sha256: string;
  stored: boolean;
}

/** One job at a vendor; without `jobId` it is an unpaid orphan. */
export interface VendorJob {
  vendorId: string;
  jobId: string | null;
  family: string;
  model: string;
  at: number;
  /** The body for the vendor, with defaults and without keys that the gateway does not know. */
  sent: Record<string, unknown>;
  /** Paths of the request that never reached the vendor, e.g. `metadata.seed`. */
  dropped: string[];
}

/** A request to one of the two status routes, or to `/content`, by job. */
export interface SeenJobRequest {
  at: number;
  method: string;
  path: string;
  jobId: string;
  headers: SeenHeaders;
  status: number;
}

/** A request to the media origin; `path` includes the raw query. Status 0: no response was sent. */
export interface SeenMediaRequest {
  at: number;
  method: string;
  path: string;
  headers: SeenHeaders;
  range: string | null;
  status: number;
  bytesSent: number;
}

/** Any other request to the gateway origin, except the sandbox's control routes. */
export interface SeenRequest {
  at: number;
  method: string;
  path: string;
  headers: SeenHeaders;
  status: number;
}

/** One try of a callback; status 0 without a response. */
export interface SeenCallback {
  /** When it was sent. */
  at: number;
  jobId: string;
  /** Id of the event. */
  event: string;
  type: string;
  url: string;
  status: number;
}

/** Data for tests: received requests, paid jobs, vendor jobs. */
export interface Ledger {
  posts: SeenPost[];
  paidJobs: PaidJob[];
  vendorJobs: VendorJob[];
  statusRequests: SeenJobRequest[];
  contentRequests: SeenJobRequest[];
  mediaRequests: SeenMediaRequest[];
  otherRequests: SeenRequest[];
  uploads: SeenUpload[];
  callbacks: SeenCallback[];
  /** Remaining quota of the API key. */
  balance: number;
}

/** Quota of a fresh account, as in the recordings. */
export const initialBalance = 500_000_000;

/** An empty ledger. */
export function createLedger(): Ledger {
  return {
    posts: [],
    paidJobs: [],
    vendorJobs: [],
    statusRequests: [],
    contentRequests: [],
    mediaRequests: [],
    otherRequests: [],
    uploads: [],
    callbacks: [],
    balance: initialBalance,
  };
}
