import { DefaultLogger, type LogEntry, type Logger } from '@temporalio/worker';
import { VideoClientError } from '../../client.ts';
import { oneLine } from '../../contract/one-line.ts';
import { createVideoWorker, type VideoWorker, type VideoWorkerOptions } from '../../worker.ts';
import { UsageError } from '../context.ts';

/** Each of our queues is for workflows or activities only, which the SDK warns about at every start. */
const expected = /^No (activities|workflows) registered/;

/** Logs warnings in one line each, without state changes of workers and stack traces. */
export function quietLogger({ debug }: { debug: boolean }): Logger {
  return debug ? new DefaultLogger('DEBUG') : new DefaultLogger('WARN', printLine);
}

function printLine({ level, message, timestampNanos, meta = {} }: LogEntry): void {
  if (expected.test(message)) return;
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const { activityType, workflowId, error } = meta;
  const about = [activityType, workflowId, error instanceof Error ? error.message : undefined];
  const known = about.filter((part) => part !== undefined && part !== null).map(String);
  const text = [`${level.toLowerCase()}: ${message}`, ...known].join(' · ');
  process.stderr.write(`${time} ${oneLine(text)}\n`);
}

/**
 * Creates a worker. An error is one line.
 *
 * @throws {UsageError} A setting cannot be used.
 * @throws {VideoClientError} `temporal_unavailable`
 */
export async function startWorker(options: VideoWorkerOptions): Promise<VideoWorker> {
  try {
    return await createVideoWorker(options);
  } catch (cause) {
    if (cause instanceof RangeError) throw new UsageError(cause.message, { cause });
    if (!(cause instanceof Error) || cause.name !== 'TransportError') throw cause;
    const { address } = options.temporal;
    throw new VideoClientError(
      'temporal_unavailable',
      `No Temporal server answers at "${address}": start one with \`onetake dev\`, or set TEMPORAL_ADDRESS`,
      { cause },
    );
  }
}
