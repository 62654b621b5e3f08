import { expect, test } from 'vitest';
import type { VideoFormat } from '../../src/contract/video-request.ts';
import { createHarness, untilPhase } from './harness.ts';
import { playing } from './requests.ts';
import { createServeHarness } from './serve-harness.ts';

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
    const { videoId } = await far.client.start(playing('dl-ok', format));
    const { video } = await untilPhase(far, videoId, ['stored', 'failed', 'unresolved', 'overdue']);
    expect(video?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const { posts, paidJobs } = near.gateway.ledger;
    expect([posts.length, paidJobs.length]).toEqual([1, 1]);
    expect(far.gateway.ledger.posts).toEqual([]);
    const { data } = (await (await fetch(`${url}/v1/videos`)).json()) as {
      data: { status: string; onetake: { file: { sha256: string } | null } }[];
    };
    expect(data).toMatchObject([{ status: 'completed' }]);
  },
);
