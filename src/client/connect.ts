import { Connection, type ConnectionOptions } from '@temporalio/client';
import { hostOf, isLoopback } from '../egress/proxy-for.ts';
import { VideoClientError } from './video-client-error.ts';

/** Long enough for a server that is starting, and short enough for interactive use. */
const connectTimeoutMs = 5_000;

/** Opens a connection to the Temporal server. @throws {VideoClientError} `temporal_unavailable` */
export async function connectOrExplain(options: ConnectionOptions = {}): Promise<Connection> {
  const { address = 'localhost:7233' } = options;
  try {
    return await Connection.connect({
      connectTimeout: connectTimeoutMs,
      ...options,
      // The gRPC library would use a proxy of the environment even for a server on this machine.
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
