import {
  startHealthServer,
  type HealthServer,
  type HealthServerOptions,
} from '../../worker/health.ts';
import { UsageError } from '../context.ts';

/** Opens the port of `METRICS_PORT`. @throws {UsageError} It is not available. */
export async function startHealth(options: HealthServerOptions): Promise<HealthServer> {
  try {
    return await startHealthServer(options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Cannot listen on METRICS_PORT "${options.port}": ${reason}`, { cause });
  }
}
