import { createStoreVideo } from '../../src/activities/deliver/store-video.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness, failureOf } from '../fakes/activity-harness.ts';
import { createFakeGateway } from '../fakes/fake-gateway.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { type MediaAnswer, startMediaServer } from './media-server.ts';
import { at, filesOf, videoId } from './store-harness.ts';
import { account } from '../fakes/gateway-account.ts';

export interface Attempt {
  attempt?: number;
  jobId?: string;
  through?: (storage: VideoStorage) => VideoStorage;
}

/** The store activity over a real folder and a real media host on loopback. */
export async function resumeHarness(...answers: MediaAnswer[]) {
  const temp = await tempStorage();
  let reached = 0;
  const server = await startMediaServer(answers, () => reached);
  const real = createGateway({ baseUrl: new URL(server.url).origin, apiKey: 'sk-test' });
  const openResult: Gateway['openResult'] = async (...given) => {
    const result = await real.openResult(...given);
    const start = result.rangeStart ?? 0;
    return { ...result, body: watched(result.body, (bytes) => (reached = start + bytes)) };
  };
  const status = { generations: [at(server.url)] };
  const gateway = { ...createFakeGateway({ status }), openResult };
  const begin = ({ attempt = 1, jobId = 'task_1', through = (same) => same }: Attempt = {}) => {
    const harness = activityHarness({ attempt });
    const options = { gateway, account, storage: through(temp.storage), maxBytes: 10_000_000 };
    const job = { format: 'generations', jobId } as const;
    return { harness, outcome: harness.run(createStoreVideo(options), { job, videoId }) };
  };
  return {
    files: () => filesOf(temp),
    server,
    begin,
    store: async (options: Attempt = {}) => (await begin(options).outcome).sha256,
    fail: (options: Attempt = {}) => failureOf(begin(options).outcome),
  };
}

/** Tells of each chunk how many bytes have come with it. */
async function* watched(body: AsyncIterable<Uint8Array>, tell: (bytes: number) => void) {
  let bytes = 0;
  for await (const chunk of body) {
    tell((bytes += chunk.length));
    yield chunk;
  }
}
