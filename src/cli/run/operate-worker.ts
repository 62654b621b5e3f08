import type { Logger } from '@temporalio/common';
import { Runtime } from '@temporalio/worker';
import { findFreePort } from '../../dev/free-port.ts';
import type { HealthServer } from '../../worker/health.ts';
import { metricsTelemetry } from '../../worker/metrics/telemetry-options.ts';
import type { VideoWorker, VideoWorkerOptions } from '../../worker.ts';
import { startHealth } from './start-health.ts';
import { startWorker } from './start-worker.ts';

export interface OperateWorkerOptions {
  settings: VideoWorkerOptions;
  logger: Logger;
  onReady: () => Promise<void>;
  /** Stops on SIGHUP, also under `nohup`. */
  endsWithTerminal?: true;
}

/**
 * Runs a worker until it is stopped, with logs and, if `METRICS_PORT` is set, a port for metrics and health. The port
 * is open before the worker is ready, and until its last submit has finished.
 *
 * @throws {UsageError} The port is not available, or another setting is invalid.
 * @throws {VideoClientError} `temporal_unavailable`
 */
export async function operateWorker(options: OperateWorkerOptions): Promise<void> {
  const { settings, onReady } = options;
  let worker: VideoWorker | undefined;
  const port = settings.operate.metrics && (await findFreePort());
  const runtime = installRuntime(options, port);
  let health: HealthServer | undefined;
  try {
    health = await openHealth(settings, { runtimePort: port, worker: () => worker });
    worker = await startWorker(settings);
    await Promise.all([worker.run(), onReady()]);
  } finally {
    await health?.stop();
    // A runtime without a worker keeps the process alive.
    await runtime.shutdown();
  }
}

/** The defaults of Temporal's SDK. */
const usualSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'];

/** Must run before a worker is created. It routes the logs of Temporal's core to our logger. */
function installRuntime(
  { logger, endsWithTerminal }: OperateWorkerOptions,
  port: number | undefined,
): Runtime {
  return Runtime.install({
    logger,
    ...(endsWithTerminal && { shutdownSignals: [...usualSignals, 'SIGHUP'] }),
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(port !== undefined && { metrics: metricsTelemetry(port) }),
    },
  });
}

async function openHealth(
  { operate: { metrics } }: VideoWorkerOptions,
  {
    runtimePort,
    worker,
  }: { runtimePort: number | undefined; worker: () => VideoWorker | undefined },
): Promise<HealthServer | undefined> {
  if (!metrics) return undefined;
  const starting = { ready: false, reasons: ['worker: starting'] };
  return startHealth({
    ...metrics,
    readiness: async () => (await worker()?.readiness()) ?? starting,
    metrics: async () => (await fetch(`http://127.0.0.1:${runtimePort}/metrics`)).text(),
  });
}
