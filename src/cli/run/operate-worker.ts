import type { Logger } from '@temporalio/common';
import { Runtime } from '@temporalio/worker';
import { findFreePort } from '../../dev/free-port.ts';
import { startHealthServer, type HealthServer } from '../../worker/health.ts';
import { metricsTelemetry } from '../../worker/metrics/telemetry-options.ts';
import type { VideoWorker, VideoWorkerOptions } from '../../worker.ts';
import { UsageError } from '../context.ts';
import { startWorker } from './start-worker.ts';

export interface OperateWorkerOptions {
  settings: VideoWorkerOptions;
  logger: Logger;
  onReady: () => Promise<void>;
  /** Ends with the terminal that it was started in, even where `nohup` says otherwise. */
  endsWithTerminal?: true;
}

/**
 * Runs a worker until it is stopped, with its log and, where `METRICS_PORT` is set, its port for metrics and health.
 * That port answers before the worker is ready, and until its last submit is done.
 *
 * @throws {UsageError} The port cannot be had, or another setting cannot be used.
 * @throws {VideoClientError} `temporal_unavailable`
 */
export async function operateWorker(options: OperateWorkerOptions): Promise<void> {
  const { settings, onReady } = options;
  let worker: VideoWorker | undefined;
  const port = settings.operate.metrics && (await findFreePort());
  const runtime = installRuntime(options, port);
  let health: HealthServer | undefined;
  try {
    health = await startHealth(settings, { runtimePort: port, worker: () => worker });
    worker = await startWorker(settings);
    await Promise.all([worker.run(), onReady()]);
  } finally {
    await health?.stop();
    // One that no worker was made with keeps the process alive.
    await runtime.shutdown();
  }
}

/** Those of Temporal's SDK. */
const usualSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'];

/** Once, before any worker is made: the logs of Temporal's core come through ours as well. */
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

async function startHealth(
  { operate: { metrics } }: VideoWorkerOptions,
  {
    runtimePort,
    worker,
  }: { runtimePort: number | undefined; worker: () => VideoWorker | undefined },
): Promise<HealthServer | undefined> {
  if (!metrics) return undefined;
  const starting = { ready: false, reasons: ['worker: starting'] };
  try {
    return await startHealthServer({
      ...metrics,
      readiness: async () => (await worker()?.readiness()) ?? starting,
      metrics: async () => (await fetch(`http://127.0.0.1:${runtimePort}/metrics`)).text(),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Cannot listen on METRICS_PORT "${metrics.port}": ${reason}`, { cause });
  }
}
