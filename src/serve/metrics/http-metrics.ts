import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metrics, type MetricName } from '../../contract/metrics.ts';
import type { AccessEntry } from '../ports.ts';

/** What is read when the metrics are read. */
export interface HttpGauges {
  /** Bytes on all connections so far. */
  traffic: () => { received: number; sent: number };
  /** Open event streams. */
  streams: () => number;
}

/** Metrics of the HTTP API. */
export interface HttpMetrics {
  onResponse(entry: AccessEntry): void;
  /** The metrics in the text format of Prometheus. */
  page(): Promise<string>;
}

/** Creates the metrics of one server, beside those of its process (memory, event loop, garbage collection). */
export function createHttpMetrics({ traffic, streams }: HttpGauges): HttpMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter(options(registry, 'onetake_http_requests_total'));
  const errors = new Counter(options(registry, 'onetake_http_errors_total'));
  const creates = new Counter(options(registry, 'onetake_http_creates_total'));
  const seconds = new Histogram({
    ...options(registry, 'onetake_http_request_seconds'),
    buckets: [...metrics.onetake_http_request_seconds.buckets],
  });
  const bytes: Counter = new Counter({
    ...options(registry, 'onetake_http_bytes_total'),
    collect: () => {
      bytes.reset();
      for (const [direction, count] of Object.entries(traffic())) bytes.inc({ direction }, count);
    },
  });
  const open: Gauge = new Gauge({
    ...options(registry, 'onetake_http_streams'),
    collect: () => open.set(streams()),
  });
  return {
    onResponse: ({ method, route, status, durationMs, errorCode, outcome }) => {
      requests.inc({ method, route, status });
      seconds.observe({ method, route }, durationMs / 1_000);
      if (errorCode !== undefined) errors.inc({ code: errorCode });
      if (outcome !== undefined) creates.inc({ outcome });
    },
    page: () => registry.metrics(),
  };
}

function options(registry: Registry, name: MetricName) {
  const { help, labels } = metrics[name];
  return { name, help, labelNames: [...labels], registers: [registry] };
}
