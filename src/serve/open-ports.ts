import type { Client } from '@temporalio/client';
import { createVideoClient } from '../client.ts';
import { createStatusReader } from '../client/status-reader.ts';
import { createWatches } from '../client/watch-videos.ts';
import type { ServePorts } from './ports.ts';
import { createRetentionReader } from './videos/expiry.ts';

/** A server that answers does so within a second. Without a deadline, the SDK tries again for 20 s. */
const answerTimeoutMs = 8_000;

/** The ports of the HTTP API on Temporal's client. */
export async function openPorts(
  options: Omit<ServePorts, 'videos' | 'read' | 'join' | 'retention'> & { temporal: Client },
): Promise<ServePorts> {
  const { temporal: client, storage, host } = options;
  const read = createStatusReader(client);
  const videos = await createVideoClient({ client, storage, inputs: storage, host });
  const inTime = <T>(call: () => Promise<T>) =>
    client.withDeadline(Date.now() + answerTimeoutMs, call);
  return {
    ...options,
    videos: {
      ...videos,
      start: (request, startOptions) => inTime(() => videos.start(request, startOptions)),
    },
    retention: createRetentionReader(() => inTime(videos.retention.rule), options.now),
    read: (videoId, readOptions) => inTime(() => read(videoId, readOptions)),
    join: createWatches({ client, read }),
  };
}
