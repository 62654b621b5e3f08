import type { TelemetryOptions } from '@temporalio/worker';
import { metrics } from '../../contract/metrics.ts';

/** Telemetry options: Temporal's runtime exports its metrics and ours on this loopback port. */
export function metricsTelemetry(port: number): NonNullable<TelemetryOptions['metrics']> {
  return {
    attachServiceName: false,
    prometheus: {
      bindAddress: `127.0.0.1:${port}`,
      useSecondsForDurations: true,
      histogramBucketOverrides: Object.fromEntries(
        Object.entries(metrics).flatMap(([name, traits]) =>
          'buckets' in traits ? [[name, [...traits.buckets]]] : [],
        ),
      ),
    },
  };
}
