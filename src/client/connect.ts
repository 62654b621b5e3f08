import { Connection, type ConnectionOptions } from '@temporalio/client';
import { VideoClientError } from './video-client-error.ts';

/** Long enough for a server that is just starting, short enough for a person who waits. */
const connectTimeoutMs = 5_000;

/** @throws {VideoClientError} `temporal_unavailable` */
export async function connectOrExplain(options: ConnectionOptions = {}): Promise<Connection> {
  try {
    return await Connection.connect({ connectTimeout: connectTimeoutMs, ...options });
  } catch (cause) {
    const address = options.address ?? 'localhost:7233';
    throw new VideoClientError(
      'temporal_unavailable',
      `No Temporal server answers at "${address}": start one with \`onetake dev\`, or set TEMPORAL_ADDRESS`,
      { cause },
    );
  }
}
