import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failures, type FailureKind } from '../../src/contract/failure.ts';
import { videoPhases } from '../../src/contract/messages.ts';
import { videoSummary, videoSummarySchema } from '../../src/mcp/results/video-summary.ts';
import type { TenantVideo } from '../../src/serve/videos/video-object.ts';
import { keyedApiId } from '../../src/identity/tenant-video.ts';
import { result } from '../client/outcomes.ts';

const at = '2026-11-30T12:00:00.000Z';
const nowMs = Date.parse(at);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const failure = fc.record({
  kind: fc.constantFrom(...(Object.keys(failures) as FailureKind[])),
  message: fc.string(),
  billed: fc.constantFrom('yes' as const, 'no' as const, 'maybe' as const),
});

const status = fc
  .record({
    phase: fc.constantFrom(...videoPhases),
    billed: fc.constantFrom('yes' as const, 'no' as const, 'maybe' as const),
    model: optional(fc.string()),
    progressPercent: optional(fc.double({ min: 0, max: 100, noNaN: true })),
    unresolved: optional(
      fc
        .record({
          failure,
          candidates: fc.array(fc.string()),
          decided: optional(fc.constantFrom('adopt' as const, 'resubmit', 'abandon')),
        })
        .map((given) => ({ ...given, since: at, until: at, findings: [] })),
    ),
    failure: optional(failure),
    cancellation: optional(
      fc.record({ outcome: fc.constantFrom('stopped_before_spend', 'watching_stopped', 'kept') }),
    ),
    video: optional(fc.constant(result.video)),
    jobId: optional(fc.string()),
    deadlineAt: optional(fc.constant(at)),
  })
  .map((given) => ({
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as typeof given),
    ...(given.cancellation && { cancellation: { ...given.cancellation, billed: given.billed } }),
    videoId: `video/${keyedApiId('local', 'a')}`,
    warnings: [],
    startedAt: at,
    changedAt: at,
    live: true,
  }));

test('whatever became of a video, its summary has the form that the tools promise', async () => {
  await fc.assert(
    fc.asyncProperty(
      status,
      fc.constantFrom('started', 'joined', 'cached', undefined),
      fc.constantFrom(null, { uri: 'file:///a.mp4' }, { uri: 'https://a/b', expiresAt: 1 }),
      async (known, outcome, link) => {
        const video = {
          status: known,
          memo: { prompt: null, model: 'sora-2', seconds: '', size: '' },
          createdAt: 1,
          completedAt: null,
          ...(outcome && { outcome }),
        } as unknown as TenantVideo;
        const ports = { retention: () => Promise.resolve(null), now: () => nowMs };
        const parsed = videoSummarySchema.safeParse(await videoSummary(video, { ports, link }));
        expect(parsed.error?.issues ?? []).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
