import { Connection } from '@temporalio/client';
import { createVideoClient } from '../../src/client.ts';
import { codecConfig } from '../../src/config/codec-config.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';

/** One of several client processes: starts the same video many times at once, and prints how often each outcome occurred. */
const [address = '', namespace = '', request = '', times = ''] = process.argv.slice(2);
const connection = await Connection.connect({ address });
const payloadKeys = codecConfig(process.env).keys;
const client = await createVideoClient({ connection, namespace, payloadKeys });
const video = JSON.parse(request) as VideoRequest;
const starting = Array.from({ length: Number(times) }, () => client.start(video));
const outcomes = (await Promise.all(starting)).map(({ outcome }) => outcome);
const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
process.stdout.write(
  JSON.stringify({ started: count('started'), joined: count('joined'), cached: count('cached') }),
);
await connection.close();
