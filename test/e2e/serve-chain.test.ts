import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { VideoFormat } from '../../src/contract/video-request.ts';
import { createHarness, untilPhase } from './harness.ts';
import { onetake } from './onetake.ts';
import { playing } from './requests.ts';
import { createServeHarness } from './serve-harness.ts';

interface List {
  data: { id: string; status: string }[];
}

test.each<VideoFormat>(['videos', 'generations'])(
  'a onetake whose gateway is another onetake (%s) delivers the same bytes, paid once at the end',
  async (format) => {
    await using near = await createServeHarness();
    const { url } = near.server;
    await using far = await createHarness({ speed: 100 });
    await far.startWorker({
      GATEWAY_BASE_URL: url,
      GATEWAY_API_KEY: 'sk-any',
      GATEWAY_TRUSTED_ORIGINS: url,
    });
    const { videoId } = await far.client.start(playing('dl-ok', format), { key: 'cat' });
    const end = await untilPhase(far, videoId, ['stored', 'failed', 'unresolved', 'overdue']);
    expect({ phase: end.phase, failure: end.failure }).toEqual({ phase: 'stored' });
    const { posts, paidJobs } = near.gateway.ledger;
    expect([posts.length, paidJobs.length]).toEqual([1, 1]);
    expect(far.gateway.ledger.posts).toEqual([]);
    const { data } = (await (await fetch(`${url}/v1/videos`)).json()) as List;
    expect(data).toMatchObject([{ status: 'completed' }]);
    const nearContent = await fetch(`${url}/v1/videos/${data[0]?.id}/content`);
    const nearBytes = Buffer.from(await nearContent.arrayBuffer());
    const { bytes: farBytes } = await onetake(far, ['download', 'cat', '-o', '-']);
    expect(sha256(farBytes)).toBe(end.video?.sha256);
    expect(sha256(nearBytes)).toBe(end.video?.sha256);
  },
);

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
