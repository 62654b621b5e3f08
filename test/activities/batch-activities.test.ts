import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createMergeResults } from '../../src/activities/batch/merge-results.ts';
import { createPrepareBatch } from '../../src/activities/batch/prepare-batch.ts';
import { createReadPartition } from '../../src/activities/batch/read-partition.ts';
import { createReadRow } from '../../src/activities/batch/read-row.ts';
import { createRecordResults } from '../../src/activities/batch/record-results.ts';
import type { VideoRun, VideoRuns } from '../../src/activities/batch/video-runs.ts';
import type {
  BatchRow,
  BatchRowResult,
  PartitionRow,
  PreparedBatch,
} from '../../src/contract/batch.ts';
import type { VideoResult } from '../../src/contract/messages.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { tempStorage, type TempStorage } from '../fakes/temp-storage.ts';

const at = '2026-11-23T22:30:00Z';

function row(nth: number, prompt = `scene ${nth}`): BatchRow {
  const body = { model: 'kling-v1', prompt, duration: 5 };
  return { key: `row-${nth}`, line: nth + 1, tags: ['a'], request: { format: 'videos', body } };
}

function result(nth: number, rest: Partial<BatchRowResult> = {}): BatchRowResult {
  const key = `row-${nth}`;
  const videoId = `video/launch/${key}`;
  const stored = { state: 'stored', origin: 'started', billed: 'yes' } as const;
  return { key, line: nth + 1, videoId, ...stored, ...rest };
}

async function prepare(
  place: TempStorage,
  rows: readonly unknown[],
  timeZone = 'UTC',
): Promise<PreparedBatch> {
  const lines = rows.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  await place.storage.writeSmall('manifest.jsonl', Buffer.from(lines.join('\n')));
  const prepareBatch = createPrepareBatch(place);
  const given = { manifest: 'manifest.jsonl', folder: 'batches/launch/run', at, timeZone };
  return new MockActivityEnvironment().run(prepareBatch, given);
}

async function partOf(place: TempStorage, key: string): Promise<PartitionRow[]> {
  return new MockActivityEnvironment().run(createReadPartition(place), { rows: key });
}

describe('prepareBatch()', () => {
  test('writes 10,000 rows in parts of 200, each with the digest that joins it to others', async () => {
    const place = await tempStorage();
    const rows = Array.from({ length: 10_000 }, (_, index) => row(index + 1));
    const { partitions } = await prepare(place, rows);
    expect(partitions).toHaveLength(50);
    expect(partitions.every(({ count }) => count === 200)).toBe(true);
    const last = await partOf(place, partitions[49]?.rows ?? '');
    const expected = row(10_000);
    expect(last.at(-1)).toEqual({ ...expected, requestDigest: requestDigest(expected.request) });
  });

  test('makes smaller parts of larger rows: no payload above 256 KB', async () => {
    const place = await tempStorage();
    const rows = Array.from({ length: 200 }, (_, nth) => row(nth, `${nth}${'喵'.repeat(2_000)}`));
    const { partitions } = await prepare(place, rows);
    const parts = await Promise.all(partitions.map((part) => partOf(place, part.rows)));
    expect(parts.flat().map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
    const payloads = parts.map((part) => Buffer.byteLength(JSON.stringify(part)));
    expect(Math.max(...payloads)).toBeLessThanOrEqual(256 * 1024);
  });

  test('fills in the day in the time zone of the batch', async () => {
    const place = await tempStorage();
    const rows = [{ ...row(1, 'news of {{date}}'), key: 'news-{{date}}' }];
    const { partitions } = await prepare(place, rows, 'Asia/Tokyo');
    const [first] = await partOf(place, partitions[0]?.rows ?? '');
    expect(first).toMatchObject({
      key: 'news-2026-11-24',
      request: { body: { prompt: 'news of 2026-11-24' } },
    });
  });

  test.each([
    ['no rows', [], /has no rows/],
    ['a line that is not JSON', ['{'], /manifest.jsonl:1: it is not JSON/],
    ['a row without a key', [{ ...row(1), key: '' }], /"key"/],
    ['a request without a prompt', [{ ...row(1), request: { format: 'videos', body: {} } }], /:1:/],
    ['two rows with one key', [row(1), row(1)], /:2: key "row-1" appears twice/],
  ])('refuses %s for good: nothing was started', async (_, rows, message) => {
    const refused = prepare(await tempStorage(), rows);
    await expect(refused).rejects.toMatchObject({
      type: 'invalid_request',
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
  });

  test('refuses a manifest that is not there, and a time zone that is none', async () => {
    const place = await tempStorage();
    await expect(prepare(place, [row(1)], 'Mars/Olympus')).rejects.toThrow(/Mars\/Olympus/);
    await place.storage.remove('manifest.jsonl');
    const given = { manifest: 'manifest.jsonl', folder: 'x', at, timeZone: 'UTC' };
    const absent = new MockActivityEnvironment().run(createPrepareBatch(place), given);
    await expect(absent).rejects.toMatchObject({ nonRetryable: true });
  });
});

describe('the results of a batch', () => {
  test('grow by rows, a row that is told again is replaced, and doing it twice changes nothing', async () => {
    const place = await tempStorage();
    const record = (results: BatchRowResult[]) =>
      new MockActivityEnvironment().run(createRecordResults(place), { key: 'r.jsonl', results });
    await record([result(2, { state: 'unresolved', billed: 'maybe' }), result(1)]);
    await record([result(2), result(3)]);
    await record([result(2), result(3)]);
    const lines = (await place.text('r.jsonl')).trimEnd().split('\n');
    const read = lines.map((line) => JSON.parse(line) as BatchRowResult);
    expect(read).toEqual([result(1), result(2), result(3)]);
  });

  test('are merged in the order of the parts, with one CSV header', async () => {
    const place = await tempStorage();
    const record = createRecordResults(place);
    const env = new MockActivityEnvironment();
    await env.run(record, { key: 'a.jsonl', results: [result(1)] });
    await env.run(record, { key: 'b.jsonl', results: [result(2)] });
    const parts = ['a.jsonl', 'absent.jsonl', 'b.jsonl'];
    const merge = createMergeResults(place);
    await new MockActivityEnvironment().run(merge, { parts, targets: ['run', 'latest'] });
    const jsonl = await place.text('latest/results.jsonl');
    expect(jsonl.split('\n').map((line) => line.slice(0, 15))).toEqual([
      '{"key":"row-1",',
      '{"key":"row-2",',
      '',
    ]);
    const csv = (await place.text('run/results.csv')).trimEnd().split('\n');
    expect(csv.map((line) => line.slice(0, 7))).toEqual(['line,ke', '2,row-1', '3,row-2']);
  });

  test('tell readPartition() which rows may be started again: failed, and not billed', async () => {
    const place = await tempStorage();
    const { partitions } = await prepare(place, [row(1), row(2), row(3)]);
    const [part] = partitions;
    const results = [
      result(1),
      result(2, { state: 'failed', billed: 'no' }),
      result(3, { state: 'failed', billed: 'maybe' }),
    ];
    const key = part?.results ?? '';
    await new MockActivityEnvironment().run(createRecordResults(place), { key, results });
    const read = createReadPartition(place);
    const again: PartitionRow[] = await new MockActivityEnvironment().run(read, {
      rows: part?.rows ?? '',
      results: key,
    });
    expect(again.map((each) => each.key)).toEqual(['row-2']);
  });
});

describe('readRow()', () => {
  const video = { key: 'videos/x.mp4', uri: 'file:///x', sha256: 'ab', sizeBytes: 4 };
  const stored = {
    state: 'stored',
    result: { video: { ...video, durationSeconds: 5 }, jobId: 'task_1', billed: 'yes' },
  } as unknown as { state: 'stored'; result: VideoResult };
  const failure = { kind: 'task_failed', billed: 'maybe', message: 'no', jobId: 'task_1' } as const;

  const open = { state: 'open', phase: 'running', billed: 'maybe', jobId: 'task_1' } as const;

  interface How {
    wait?: true;
    seen?: 'running' | 'unresolved';
    waiterId?: string;
    /** Who has joined the run; null where it ends before anybody can. */
    joined?: string[] | null;
  }

  async function read(run: VideoRun | null, { joined = [], ...how }: How = {}) {
    const { storage } = await tempStorage();
    await storage.writeSmall(video.key, Buffer.from('mp4!'));
    const runs: VideoRuns = {
      read: async () => run,
      join: async (_, waiterId) => {
        joined?.push(waiterId);
        return joined !== null;
      },
      leave: async () => null,
      cancel: async () => {},
      keep: async () => true,
    };
    const input = { videoId: 'video/a', requestDigest: 'ours', ...how };
    return new MockActivityEnvironment().run(createReadRow({ runs, storage }), input);
  }

  test.each<[string, VideoRun | null, object]>([
    ['a stored video', stored, { state: 'stored', billed: 'yes', jobId: 'task_1' }],
    ['an open run', open, { ...open }],
    ['a run that nobody knows', null, { state: 'removed' }],
    ['a failure', { state: 'failed', failure }, { state: 'failed', billed: 'maybe', failure }],
    [
      'a cancellation',
      { state: 'cancelled', billed: 'yes' },
      { state: 'cancelled', billed: 'yes' },
    ],
  ])('answers for %s', async (_, run, answer) => {
    expect(await read(run)).toMatchObject(answer);
  });

  test('calls a video removed whose file is gone', async () => {
    const gone = structuredClone(stored);
    gone.result.video.key = 'videos/gone.mp4';
    expect(await read(gone)).toEqual({ state: 'removed' });
  });

  test('says that an id stands for another request, whatever became of that', async () => {
    expect(await read({ ...stored, requestDigest: 'another' })).toMatchObject({
      state: 'failed',
      billed: 'no',
      failure: { kind: 'key_conflict' },
    });
  });

  test('joins an open run of the same request, and no other', async () => {
    const joined: string[] = [];
    const waiterId = 'batch/launch/run';
    expect(await read(open, { waiterId, joined })).toEqual(open);
    expect(joined).toEqual([waiterId]);
    await read({ ...open, requestDigest: 'another' }, { waiterId, joined });
    await read(stored, { waiterId, joined });
    expect(joined).toEqual([waiterId]);
  });

  test('looks again at a run that ended before it could be joined', async () => {
    const late = read(open, { waiterId: 'batch/launch/run', joined: null });
    await expect(late).rejects.toMatchObject({ type: 'VideoPending' });
  });

  test('waits by failing with VideoPending, which costs no event', async () => {
    await expect(read(open, { wait: true })).rejects.toMatchObject({
      type: 'VideoPending',
      nextRetryDelay: 2_000,
    });
  });

  test('with a phase that was seen waits for another one, too', async () => {
    const aside = { ...open, phase: 'unresolved' } as const;
    expect(await read(aside, { wait: true, seen: 'running' })).toEqual(aside);
    const same = read(aside, { wait: true, seen: 'unresolved' });
    await expect(same).rejects.toMatchObject({ type: 'VideoPending' });
  });
});
