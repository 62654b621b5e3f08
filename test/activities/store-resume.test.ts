import { createHash } from 'node:crypto';
import { ActivityCancellationDetails } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { padded } from '../../src/sandbox-gateway/media-fixtures.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import { readMedia } from './media.ts';
import type { MediaAnswer } from './media-server.ts';
import { resumeHarness } from './resume-harness.ts';
import { delivered } from './store-harness.ts';

const bytes = readMedia('1280x720-4s.mp4');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const cutAt = 20_000;
const whole: MediaAnswer = { bytes, etag: '"one"' };
const cut: MediaAnswer = { ...whole, breakAfter: cutAt };

const unfinished = (files: string[]) => files.filter((name) => name.startsWith('.unfinished'));

describe('a transfer that breaks goes on from there', () => {
  test('in the same attempt, without a byte twice', async () => {
    const { store, server, files } = await resumeHarness(cut, whole);
    expect(await store()).toBe(sha256);
    expect(server.starts).toEqual([0, cutAt]);
    expect(server.conditions).toEqual([undefined, '"one"']);
    expect(server.sentBytes()).toBe(bytes.length);
    expect(unfinished(await files())).toEqual([]);
  });

  test('again and again, as long as it gets on', async () => {
    const { store, server } = await resumeHarness({ ...whole, breakAfter: 5_000 });
    expect(await store()).toBe(sha256);
    expect(server.starts).toEqual(Array.from({ length: 10 }, (_, index) => index * 5_000));
  });

  test('with a date where there is no strong ETag', async () => {
    const lastModified = 'Mon, 23 Nov 2026 03:40:00 GMT';
    const dated = { bytes, etag: 'W/"one"', lastModified };
    const { store, server } = await resumeHarness({ ...dated, breakAfter: cutAt }, dated);
    expect(await store()).toBe(sha256);
    expect(server.conditions).toEqual([undefined, lastModified]);
  });

  test('until three openings in a row bring no byte', async () => {
    const { fail, server, files } = await resumeHarness(cut, { ...whole, breakAfter: 0 });
    expect(await fail()).toMatchObject({
      type: 'truncated',
      nonRetryable: false,
    });
    expect(server.starts).toEqual([0, cutAt, cutAt, cutAt]);
    expect(unfinished(await files())).toHaveLength(2);
  });

  test('where a part comes in answer that is not the rest', async () => {
    const part = {
      ...whole,
      headers: {
        'content-range': `bytes ${cutAt}-${cutAt + 999}/${bytes.length}`,
        'content-length': '1000',
      },
      endAfter: 1_000,
    };
    const { store, server } = await resumeHarness(cut, part, whole);
    expect(await store()).toBe(sha256);
    expect(server.starts).toEqual([0, cutAt, cutAt + 1_000]);
  });
});

describe('a server that gives files in ranges only', () => {
  const all = { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` };

  test('sends the whole file as a range to a request without one', async () => {
    const { store, server } = await resumeHarness({ bytes, status: 206, headers: all });
    expect(await store()).toBe(sha256);
    expect(server.ranges).toEqual([undefined]);
  });

  test.each([
    ['refuses a request without a range', { bytes: Buffer.alloc(0), status: 416 }],
    ['answers it with a part from elsewhere', { ...whole, status: 206 }],
  ])('%s, and is asked for the range of all bytes', async (_, refusal) => {
    const { store, server } = await resumeHarness(refusal, { ...whole, status: 206, headers: all });
    expect(await store()).toBe(sha256);
    expect(server.ranges).toEqual([undefined, 'bytes=0-']);
  });

  test('sends the first part only, and is asked for the rest', async () => {
    const part = {
      ...whole,
      status: 206,
      headers: {
        'content-range': `bytes 0-${cutAt - 1}/${bytes.length}`,
        'content-length': String(cutAt),
      },
      endAfter: cutAt,
    };
    const { store, server } = await resumeHarness(part, whole);
    expect(await store()).toBe(sha256);
    expect(server.ranges).toEqual([undefined, `bytes=${cutAt}-`]);
    expect(server.conditions).toEqual([undefined, '"one"']);
  });
});

describe('the next attempt', () => {
  const gone: MediaAnswer = { bytes: Buffer.from('gone'), status: 503 };

  test('goes on from what the one before kept, on whatever worker', async () => {
    const { fail, store, server, files } = await resumeHarness(cut, gone, whole);
    await fail();
    expect(await store({ attempt: 2 })).toBe(sha256);
    expect(server.starts).toEqual([0, cutAt, cutAt]);
    expect(server.sentBytes()).toBe(bytes.length + 4);
    expect(await files()).toEqual(delivered);
  });

  test('asks for nothing where only the commit is left', async () => {
    const { store, fail, server } = await resumeHarness(whole);
    const through = (storage: VideoStorage) => withFailing(storage, ['remove']);
    expect((await fail({ through })).type).toBe('storage_unavailable');
    expect(await store({ attempt: 2 })).toBe(sha256);
    expect(server.starts).toEqual([0]);
  });

  test('leaves the bytes of another job alone', async () => {
    const { fail, store, server, files } = await resumeHarness(cut, gone, whole);
    await fail();
    expect(await store({ attempt: 2, jobId: 'task_2' })).toBe(sha256);
    expect(server.starts).toEqual([0, cutAt, 0]);
    expect(unfinished(await files())).toEqual([]);
  });

  test('is never the last one while each brings more', async () => {
    const { fail, files } = await resumeHarness(
      cut,
      gone,
      { ...whole, breakAfter: 100 },
      { ...whole, breakAfter: 0 },
    );
    await fail({ attempt: 7 });
    expect((await fail({ attempt: 8 })).nonRetryable).toBe(false);
    expect((await fail({ attempt: 9 })).nonRetryable).toBe(true);
    expect(await files()).toEqual([]);
  });
});

describe('begins at the first byte, once, where the rest cannot be glued on', () => {
  const changed = padded(bytes, 64);
  const wrongRange = (range: string): MediaAnswer => ({
    ...whole,
    headers: { 'content-range': range },
  });
  const rest = `${cutAt}-${bytes.length - 1}`;

  test.each<[string, MediaAnswer, number[]]>([
    ['a server that ignores ranges', { ...whole, ranges: false }, [0, cutAt]],
    [
      'another start',
      wrongRange(`bytes ${cutAt - 1}-${bytes.length - 2}/${bytes.length}`),
      [0, cutAt, 0],
    ],
    ['another total', wrongRange(`bytes ${rest}/${bytes.length + 1}`), [0, cutAt, 0]],
    ['no start', wrongRange('bytes'), [0, cutAt, 0]],
    ['another ETag in the part', { ...whole, headers: { etag: '"two"' } }, [0, cutAt, 0]],
    ['a weak ETag in the part', { ...whole, headers: { etag: 'W/"one"' } }, [0, cutAt, 0]],
    ['416', { ...whole, status: 416 }, [0, cutAt, 0]],
  ])('%s', async (_name, answer, starts) => {
    const { store, server } = await resumeHarness(cut, answer, whole);
    expect(await store()).toBe(sha256);
    expect(server.starts).toEqual(starts);
  });

  test('another file under the same address', async () => {
    const { store, server } = await resumeHarness(cut, { bytes: changed, etag: '"two"' });
    expect(await store()).toBe(createHash('sha256').update(changed).digest('hex'));
    expect(server.starts).toEqual([0, cutAt]);
  });

  test('but not for ever: a server that always breaks off ends the attempt', async () => {
    const lying = { ...whole, ranges: false, headers: { 'accept-ranges': 'bytes' } };
    const { fail, server } = await resumeHarness(cut, { ...lying, breakAfter: cutAt + 1 });
    expect((await fail()).type).toBe('truncated');
    expect(server.starts).toEqual([0, cutAt, cutAt + 1]);
  });

  test.each<[string, MediaAnswer]>([
    ['a weak ETag alone', { bytes, etag: 'W/"one"' }],
    ['no ETag and no date', { bytes }],
    ['no Accept-Ranges', { ...whole, ranges: false }],
  ])('and in the next attempt with %s', async (_name, answer) => {
    const { fail, store, server, files } = await resumeHarness(
      { ...answer, breakAfter: cutAt },
      answer,
    );
    await fail();
    expect(await files()).toEqual([]);
    expect(await store({ attempt: 2 })).toBe(sha256);
    expect(server.starts).toEqual([0, 0]);
  });
});

describe('what is not kept', () => {
  test('a transfer that ended cleanly, and whose structure is cut', async () => {
    const clean = { ...whole, chunked: true, endAfter: cutAt };
    const { fail, store, server, files } = await resumeHarness(clean, whole);
    expect((await fail()).type).toBe('truncated');
    expect(await files()).toEqual([]);
    expect(await store({ attempt: 2 })).toBe(sha256);
    expect(server.starts).toEqual([0, 0]);
  });

  test('a resumed file that proves to be none', async () => {
    const noise = Buffer.concat([bytes.subarray(0, cutAt), Buffer.alloc(bytes.length - cutAt - 1)]);
    const { fail, store, server } = await resumeHarness(
      { ...whole, chunked: true, breakAfter: cutAt },
      { ...whole, bytes: noise },
      whole,
    );
    expect((await fail()).type).toBe('truncated');
    expect(await store({ attempt: 2 })).toBe(sha256);
    expect(server.starts).toEqual([0, cutAt, 0]);
  });

  test.each([
    [
      'a file that a person cancelled',
      new ActivityCancellationDetails({ cancelRequested: true }),
      0,
    ],
    [
      'but not one whose worker stops',
      new ActivityCancellationDetails({ workerShutdown: true }),
      2,
    ],
    ['and not one whose hour is over', new ActivityCancellationDetails({ timedOut: true }), 2],
  ])('%s', async (_name, details, kept) => {
    const { begin, files } = await resumeHarness({ ...whole, hangAfter: cutAt });
    const { harness, outcome } = begin();
    const ended = outcome.catch((error: unknown) => error);
    await expect.poll(async () => unfinished(await files()).length).toBe(1);
    harness.cancel(details);
    await ended;
    expect(unfinished(await files())).toHaveLength(kept);
  });
});
