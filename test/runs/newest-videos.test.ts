import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listNewestVideos, type NewestFilter } from '../../src/runs/newest-videos.ts';
import { grpcError } from '../fakes/fake-client.ts';
import { createFakeIndex, type IndexedRun } from './fake-index.ts';

const now = Date.UTC(2026, 10, 30);
const hourMs = 3_600_000;

function numbered(count: number, of: (index: number) => Partial<IndexedRun> = () => ({})) {
  return Array.from({ length: count }, (_, index): IndexedRun => ({
    id: `video/${index}`,
    startedAt: now - index * hourMs,
    ...of(index),
  }));
}

async function idsOf(runs: readonly IndexedRun[], filter: Partial<NewestFilter> = {}) {
  const { client } = createFakeIndex(runs);
  const { videos } = await listNewestVideos(client, { limit: 50, ...filter }, { now });
  return videos.map(({ videoId }) => videoId);
}

describe('the list of an operator', () => {
  test('has the videos of the whole namespace, newest first, with what was asked', async () => {
    const { client } = createFakeIndex([
      { id: 'video/spring/7', startedAt: now - 3, tags: ['drafts'], prompt: 'row 7' },
      { id: 'video/@acme/video_1', startedAt: now - 1, phase: 'queued' },
      { id: 'video/cat', startedAt: now - 2, status: 'COMPLETED', model: 'sora-2' },
    ]);
    const { videos, before } = await listNewestVideos(client, { limit: 3 }, { now });
    expect(videos).toMatchObject([
      { videoId: 'video/@acme/video_1', tenant: 'acme', phase: 'queued', model: 'kling-v1' },
      { videoId: 'video/cat', phase: 'stored', model: 'sora-2' },
      { videoId: 'video/spring/7', prompt: 'row 7', tags: ['drafts'], phase: 'submitting' },
    ]);
    expect(before).toBeUndefined();
  });

  test('has every video once over its pages, whatever the start times', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (hours, limit) => {
          const runs = numbered(hours.length, (index) => ({
            startedAt: now - (hours[index] ?? 0) * hourMs,
          }));
          const { client } = createFakeIndex(runs);
          const seen: string[] = [];
          for (let before: string | undefined, isFirst = true; isFirst || before !== undefined;) {
            const filter = { limit, ...(before !== undefined && { before }) };
            const page = await listNewestVideos(client, filter, { now });
            seen.push(...page.videos.map(({ videoId }) => videoId));
            before = page.before;
            isFirst = false;
          }
          const startOf = (id: string) => runs.find((run) => run.id === id)?.startedAt ?? 0;
          expect(seen.toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
          expect(seen).toEqual(
            seen.toSorted((a, b) => startOf(b) - startOf(a) || (a < b ? 1 : -1)),
          );
        },
      ),
      { numRuns: 40 },
    ));

  test('is found at once by one that is read again, also when the namespace becomes quiet', async () => {
    const busy = numbered(3_000);
    const { client, queries } = createFakeIndex(busy);
    const windows = new Map<string, number>();
    const read = async (at: number) => {
      queries.count.length = 0;
      const { videos } = await listNewestVideos(client, { limit: 20 }, { now: at, windows });
      return { ids: videos.map(({ videoId }) => videoId), counts: queries.count.length };
    };
    const first = await read(now);
    const second = await read(now);
    expect(second.ids).toEqual(first.ids);
    expect(second.counts).toBe(1);
    const later = now + 5_000 * hourMs;
    const afterPause = await read(later);
    expect(afterPause.ids).toEqual(first.ids);
    expect((await read(later)).counts).toBeLessThan(afterPause.counts);
  });

  test('reads a window of a busy namespace, not all of it', async () => {
    const { client, queries } = createFakeIndex(numbered(3_000));
    const { videos } = await listNewestVideos(client, { limit: 20 }, { now });
    expect(videos.at(-1)?.videoId).toBe('video/19');
    expect(queries.list).toHaveLength(1);
    expect(queries.count.length).toBeLessThan(10);
  });

  test('filters by phase; a terminated run has failed, and one without a phase is submitting', async () => {
    const runs: IndexedRun[] = [
      { id: 'video/new', startedAt: now },
      { id: 'video/terminated', startedAt: now - 1, status: 'TERMINATED', phase: 'running' },
      { id: 'video/open', startedAt: now - 2, phase: 'running' },
      { id: 'video/doubt', startedAt: now - 3, phase: 'unresolved' },
      { id: 'video/done', startedAt: now - 4, status: 'COMPLETED' },
    ];
    expect(await idsOf(runs, { phases: ['failed'] })).toEqual(['video/terminated']);
    expect(await idsOf(runs, { phases: ['running'] })).toEqual(['video/open']);
    expect(await idsOf(runs, { phases: ['submitting', 'running'] })).toEqual([
      'video/new',
      'video/open',
    ]);
    expect(await idsOf(runs, { phases: ['unresolved', 'overdue'] })).toEqual(['video/doubt']);
    expect(await idsOf(runs, { phases: ['stored'] })).toEqual(['video/done']);
  });

  test('filters by tenant and by model, whatever characters these have', async () => {
    const runs: IndexedRun[] = [
      { id: 'video/@acme/video_1', startedAt: now },
      { id: 'video/@other/video_2', startedAt: now, model: 'sora-2' },
    ];
    expect(await idsOf(runs, { tenant: 'acme' })).toEqual(['video/@acme/video_1']);
    expect(await idsOf(runs, { model: 'sora-2' })).toEqual(['video/@other/video_2']);
    const { client, queries } = createFakeIndex(runs);
    await listNewestVideos(client, { limit: 1, model: "x' OR '1' = '1" }, { now });
    expect(queries.count[0]).toContain(String.raw`VideoModel = 'x\' OR \'1\' = \'1'`);
  });

  test('has no row for a failed run that was started again', async () => {
    const runs: IndexedRun[] = [
      { id: 'video/a', startedAt: now - 50 * 24 * hourMs, status: 'FAILED', runId: 'run-1' },
      ...numbered(300),
      { id: 'video/a', startedAt: now - 301 * hourMs, phase: 'running', runId: 'run-2' },
    ];
    expect((await idsOf(runs, { limit: 400 })).filter((id) => id === 'video/a')).toHaveLength(1);
  });

  test('does not show what is hidden', async () => {
    const { client } = createFakeIndex(numbered(4, () => ({ status: 'COMPLETED' })));
    const isHidden = async ({ videoId }: { videoId: string }) => videoId === 'video/1';
    const { videos } = await listNewestVideos(client, { limit: 2 }, { now, isHidden });
    expect(videos.map(({ videoId }) => videoId)).toEqual(['video/0', 'video/2']);
  });
});

test('a namespace without our search attributes, which no worker has used yet, has no video in a phase', async () => {
  const { client } = createFakeIndex([]);
  const unknown = () => Promise.reject(grpcError('invalid'));
  Object.assign(client.workflow, { count: unknown });
  const found = await listNewestVideos(client, { limit: 5, phases: ['overdue'] }, { now });
  expect(found).toEqual({ videos: [] });
});

describe('the search for a tag', () => {
  const rare = numbered(5_000, (index) => ({ tags: index === 4_500 ? ['rare'] : ['common'] }));

  test('finds it among all videos that it reads', async () => {
    expect(
      await idsOf(
        numbered(300, (index) => ({ tags: [`t${index}`] })),
        { tag: 't250' },
      ),
    ).toEqual(['video/250']);
  });

  test('stops after a bounded number of videos, says so, and can continue', async () => {
    const { client } = createFakeIndex(rare);
    const first = await listNewestVideos(client, { limit: 5, tag: 'rare' }, { now });
    expect(first.videos).toEqual([]);
    expect(first.searchedBackTo).toMatch(/^2026/);
    const found: string[] = [];
    for (let { before } = first; before !== undefined;) {
      const next = await listNewestVideos(client, { limit: 5, tag: 'rare', before }, { now });
      found.push(...next.videos.map(({ videoId }) => videoId));
      before = next.before;
    }
    expect(found).toEqual(['video/4500']);
  });
});
