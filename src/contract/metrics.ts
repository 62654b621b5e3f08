import type { MetricMeter } from '@temporalio/common';

interface MetricTraits {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** UCUM unit; empty for counts. */
  readonly unit: '' | 's' | 'h' | 'By';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds of the buckets of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

/** From a request on loopback to a submit of several minutes and a download of several gigabytes. */
const exchangeBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 180, 600, 1_800];
/** From a read on loopback to the longest wait of the HTTP API, 30 s. */
const httpBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 35];
/** From a job of the sandbox gateway to the longest watch of 26 h. */
const readyBuckets = [5, 15, 30, 60, 120, 180, 300, 600, 900, 1_800, 3_600, 14_400, 93_600];

/**
 * All metrics of onetake. Temporal's SDK exposes its own (`temporal_…`) on the same page, and adds the labels
 * `namespace`, `task_queue` and the workflow or activity type. docs/operations.md repeats this table.
 *
 * Label cardinality is bounded: operations, kinds and phases are closed sets, and the number of model ids is limited
 * (see src/worker/metrics/model-label.ts).
 */
export const metrics = {
  onetake_gateway_requests_total: {
    kind: 'counter',
    unit: '',
    labels: ['operation', 'model', 'outcome'],
    help: 'Requests to the gateway by outcome: ok, cancelled, or the failure kind',
  },
  onetake_gateway_request_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: ['operation', 'model'],
    help: 'Response time of the gateway; for downloads, until the last byte',
    buckets: exchangeBuckets,
  },
  onetake_download_bytes_total: {
    kind: 'counter',
    unit: 'By',
    labels: ['model'],
    help: 'Bytes received of results, including bytes received twice',
  },
  onetake_asks_total: {
    kind: 'counter',
    unit: '',
    labels: ['answer'],
    help: 'Starts of videos: started (a new run), joined (a run under way), cached (a stored video; in batches)',
  },
  onetake_phases_total: {
    kind: 'counter',
    unit: '',
    labels: ['phase'],
    help: 'Phases entered by videos. running is rare: polls do not tell the workflow that a job has begun to run',
  },
  onetake_videos_ended_total: {
    kind: 'counter',
    unit: '',
    labels: ['phase', 'kind', 'billed'],
    help: 'Videos that ended, with the failure kind (none if there is no failure)',
  },
  onetake_video_ready_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: ['model'],
    help: 'From the submit until the video is stored',
    buckets: readyBuckets,
  },
  onetake_unresolved_age_hours: {
    kind: 'histogram',
    unit: 'h',
    labels: [],
    help: 'Age of an unresolved submit, at each reminder',
    buckets: [0.1, 1, 4, 12, 24, 48, 96, 168],
  },
  onetake_ledger_differences_total: {
    kind: 'counter',
    unit: '',
    labels: ['where'],
    help: "Differences found by ledger checks: unknown_locally (only in the gateway's log), missing_at_gateway (only in ours)",
  },
  onetake_webhooks_total: {
    kind: 'counter',
    unit: '',
    labels: ['outcome'],
    help: 'Attempts to deliver a webhook: delivered, failed (retried), ended (410, or the endpoint was removed), busy (too many attempts to one endpoint at a time)',
  },
  onetake_videos_open: {
    kind: 'gauge',
    unit: '',
    labels: ['phase'],
    help: 'Videos by current phase in the index of Temporal, where running is from the acceptance of the job to the end of its delivery',
  },
  onetake_admission_videos: {
    kind: 'gauge',
    unit: '',
    labels: ['state'],
    help: 'Videos in the admission: in_flight (holding a slot), reserved (without a slot), waiting',
  },
  onetake_admission_slots: {
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Maximum number of concurrent jobs at the gateway',
  },
  onetake_spent_today: {
    kind: 'gauge',
    unit: '',
    labels: ['of'],
    help: 'Spent or reserved since 0:00 UTC, of videos, seconds and money',
  },
  onetake_schedule_firings: {
    kind: 'gauge',
    unit: '',
    labels: ['of'],
    help: 'Firings of batch schedules, made or lost: fired, skipped (the previous one was running), missed (too late)',
  },
  onetake_state_updated_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    help: 'When the gauges above were last read from Temporal, in Unix time',
  },
  onetake_storage_files: {
    kind: 'gauge',
    unit: '',
    labels: ['of'],
    help: 'Files in the storage: videos and unfinished files',
  },
  onetake_storage_bytes: {
    kind: 'gauge',
    unit: 'By',
    labels: ['of'],
    help: 'Size of these files',
  },
  onetake_storage_free_bytes: {
    kind: 'gauge',
    unit: 'By',
    labels: [],
    help: 'Free space on the disk of the storage',
  },
  onetake_hooks_total: {
    kind: 'counter',
    unit: '',
    labels: ['outcome'],
    help: 'Callbacks of the gateway: woken, not_final, duplicate, unknown_job, closed, refused, unreadable, too_large, unavailable',
  },
  onetake_http_requests_total: {
    kind: 'counter',
    unit: '',
    labels: ['method', 'route', 'status'],
    help: 'Responses of the HTTP API, by the pattern of the route',
  },
  onetake_http_request_seconds: {
    kind: 'histogram',
    unit: 's',
    labels: ['method', 'route'],
    help: 'Time until the response headers, waits that the caller asked for included',
    buckets: httpBuckets,
  },
  onetake_http_errors_total: {
    kind: 'counter',
    unit: '',
    labels: ['code'],
    help: 'Errors of the HTTP API by `error.code`, for example rate_limit_exceeded',
  },
  onetake_http_creates_total: {
    kind: 'counter',
    unit: '',
    labels: ['outcome'],
    help: 'Creates that were answered: started, joined, cached',
  },
  onetake_http_bytes_total: {
    kind: 'counter',
    unit: 'By',
    labels: ['direction'],
    help: 'Bytes on the connections of the HTTP API: received (uploads), sent (videos)',
  },
  onetake_http_streams: {
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Open event streams',
  },
} as const satisfies Record<string, MetricTraits>;

type Metrics = typeof metrics;
export type MetricName = keyof Metrics;
type NameOf<Kind> = { [N in MetricName]: Metrics[N]['kind'] extends Kind ? N : never }[MetricName];
type Labels<N extends MetricName> = Record<Metrics[N]['labels'][number], string>;

/** Adds `by` to a counter. Default 1. */
export function count<N extends NameOf<'counter'>>(
  meter: MetricMeter,
  name: N,
  { by = 1, ...labels }: Labels<N> & { by?: number },
): void {
  const { unit, help } = metrics[name];
  meter.createCounter(name, unit, help).add(by, labels);
}

/** Records one value of a histogram, in its unit. */
export function observe<N extends NameOf<'histogram'>>(
  meter: MetricMeter,
  name: N,
  { value, ...labels }: Labels<N> & { value: number },
): void {
  const { unit, help } = metrics[name];
  meter.createHistogram(name, 'float', unit, help).record(value, labels);
}

/** Sets a gauge, in its unit. */
export function gauge<N extends NameOf<'gauge'>>(
  meter: MetricMeter,
  name: N,
  { value, ...labels }: Labels<N> & { value: number },
): void {
  const { unit, help } = metrics[name];
  meter.createGauge(name, 'float', unit, help).set(value, labels);
}

const longestModel = 64;

/** A model id as a label. Its length is limited, because callers choose it. */
export function modelLabel(model: string | undefined): string {
  return model === undefined || model === '' ? 'unknown' : model.slice(0, longestModel);
}
