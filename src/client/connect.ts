import { Connection, type ConnectionOptions } from '@temporalio/client';
import { hostOf, isLoopback } from '../egress/proxy-for.ts';
import { VideoClientError } from './video-client-error.ts';

/** Long enough for a server that is just starting, short enough for a person who waits. */
const connectTimeoutMs = 5_000;

/** @throws {VideoClientError} `temporal_unavailable` */
export async function connectOrExplain(options: ConnectionOptions = {}): Promise<Connection> {
  const { address = 'localhost:7233' } = options;
  try {
    return await Connection.connect({
      connectTimeout: connectTimeoutMs,
      ...options,
      // The gRPC library would ask a server on this machine through a proxy of the environment, too.
      ...(isLoopback(hostOf(new URL(`tcp://${address}`))) && {
        channelArgs: { ...options.channelArgs, 'grpc.enable_http_proxy': 0 },
      }),
    });
  } catch (cause) {
    throw new VideoClientError(
      'temporal_unavailable',
      `No Temporal server answers at "${address}": start one with \`onetake dev\`, or set TEMPORAL_ADDRESS`,
      { cause },
    );
  }
}
