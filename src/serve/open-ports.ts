import type { Client } from '@temporalio/client';
import { createVideoClient } from '../client.ts';
import { createStatusReader } from '../client/status-reader.ts';
import { createWatches } from '../client/watch-videos.ts';
import type { ServePorts } from './ports.ts';

/** The ports of the HTTP API on Temporal's client. */
export async function openPorts(
  options: Omit<ServePorts, 'videos' | 'read' | 'join'> & { temporal: Client },
): Promise<ServePorts> {
  const { temporal: client, storage, host } = options;
  const read = createStatusReader(client);
  return {
    ...options,
    videos: await createVideoClient({ client, storage, inputs: storage, host }),
    read,
    join: createWatches({ client, read }),
  };
}
