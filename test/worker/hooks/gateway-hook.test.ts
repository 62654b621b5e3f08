import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiKey, completed, hookHarness, nowMs, signatureOf, signed } from './hook-harness.ts';

const stamp = nowMs / 1_000;

describe('a callback of the gateway', () => {
  test('wakes the run of the video that owns the job, and passes on nothing else', async () => {
    const { handle, woken } = hookHarness();
    expect(await handle(signed(completed))).toMatchObject({
      outcome: 'woken',
      videoId: 'video/one',
    });
    expect(woken).toEqual([
      {
        videoId: 'video/one',
        event: { jobId: 'task_1', source: 'gateway callback video.completed' },
      },
    ]);
  });

  test('for a job that no video owns changes nothing', async () => {
    const { outcomeOf, woken } = hookHarness({ owners: {} });
    expect(await outcomeOf(signed(completed))).toBe('unknown_job');
    expect(woken).toEqual([]);
  });

  test('for a run that has ended changes nothing', async () => {
    const { outcomeOf } = hookHarness({ wake: () => Promise.resolve(false) });
    expect(await outcomeOf(signed(completed))).toBe('closed');
  });
});

describe('a callback that is not authentic', () => {
  test.each([
    ['without headers', { ...signed(completed), headers: {} }, 'unsigned'],
    ['without a time', withHeaders({ 'x-newapi-timestamp': undefined }), 'unsigned'],
    ['without a signature', withHeaders({ 'x-newapi-signature': undefined }), 'unsigned'],
    [
      'with a signature of another kind',
      withHeaders({ 'x-newapi-signature': 'sha1=00' }),
      'unsigned',
    ],
    ['with a time that is no number', signed(completed, { stamp: '0x6ab' }), 'unsigned'],
    ['signed with another key', signed(completed, { key: 'sk-other' }), 'wrong_signature'],
    [
      'signed for another time',
      withHeaders({ 'x-newapi-timestamp': `${stamp + 1}` }),
      'wrong_signature',
    ],
    ['from 301 s ago', signed(completed, { stamp: stamp - 301 }), 'wrong_time'],
    ['from 301 s ahead', signed(completed, { stamp: stamp + 301 }), 'wrong_time'],
  ])('%s is refused', async (_name, callback, fault) => {
    const { handle, looked } = hookHarness();
    expect(await handle(callback)).toEqual({ outcome: 'refused', fault });
    expect(looked).toEqual([]);
  });

  test('with any other byte than the signed ones is refused', async () => {
    const raw = Buffer.from(JSON.stringify(completed));
    const headers = signatureOf(raw);
    const { outcomeOf } = hookHarness();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(raw.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const changed = Buffer.from(raw);
          changed[at] = (changed[at] ?? 0) ^ bits;
          expect(await outcomeOf({ headers, raw: changed })).toBe('refused');
        },
      ),
    );
    expect(await outcomeOf({ headers, raw })).toBe('woken');
  });
});

test.each([stamp - 300, stamp, stamp + 300])('a callback of time %s is accepted', async (time) => {
  const { outcomeOf } = hookHarness();
  expect(await outcomeOf(signed(completed, { stamp: time }))).toBe('woken');
});

describe('the body of an authentic callback', () => {
  const withData = (data: object, type = 'video.completed') => ({
    id: 'evt_1',
    type,
    data: { task_id: 'task_1', ...data },
  });

  test.each([
    ['a progress event', withData({ status: 'processing' }, 'video.processing'), 'not_final'],
    ['a queued event', withData({ status: 'queued' }, 'video.queued'), 'not_final'],
    ['a failure', withData({ status: 'failed' }, 'video.failed'), 'woken'],
    [
      'an unknown type with a final status',
      withData({ status: 'SUCCESS' }, 'task.updated'),
      'woken',
    ],
    [
      'an unknown type with an unknown status',
      withData({ status: 'odd' }, 'task.updated'),
      'not_final',
    ],
    ['a final type without a status', withData({}), 'woken'],
    ['no type', { data: { task_id: 'task_1', status: 'completed' } }, 'woken'],
    ['no job', { id: 'evt_1', type: 'video.completed', data: {} }, 'unreadable'],
    ['a number as job', withData({ task_id: 7 }), 'unreadable'],
    ['an endless job id', withData({ task_id: 'x'.repeat(201) }), 'unreadable'],
    ['no JSON', 'hello', 'unreadable'],
    ['nothing', '', 'unreadable'],
    ['a list', '[]', 'unreadable'],
    ['null', 'null', 'unreadable'],
  ])('with %s', async (_name, body, outcome) => {
    const { outcomeOf } = hookHarness();
    expect(await outcomeOf(signed(body))).toBe(outcome);
  });

  test('never breaks the receiver, whatever it is', async () => {
    const { outcomeOf } = hookHarness();
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (value) => {
        const body = JSON.stringify(value) ?? '';
        expect(['unreadable', 'not_final', 'unknown_job']).toContain(await outcomeOf(signed(body)));
      }),
    );
  });

  test('keeps a type that is no plain word out of the signal', async () => {
    const { outcomeOf, woken } = hookHarness();
    await outcomeOf(signed(withData({ status: 'completed' }, 'a\nfalse log line')));
    expect(woken[0]?.event.source).toBe('gateway callback unknown');
  });
});

describe('a callback that is delivered again', () => {
  test('wakes the run once, at the same moment too', async () => {
    const { outcomeOf, woken } = hookHarness();
    const both = [outcomeOf(signed(completed)), outcomeOf(signed(completed, { stamp: stamp + 1 }))];
    expect((await Promise.all(both)).toSorted()).toEqual(['duplicate', 'woken']);
    expect(await outcomeOf(signed(completed))).toBe('duplicate');
    expect(woken).toHaveLength(1);
  });

  test.each(['storage', 'Temporal'])('after %s did not answer is handled', async (place) => {
    let isDown = true;
    const fail = () => Promise.reject(new Error(`${place} is down`));
    const { outcomeOf, woken } = hookHarness({
      ownerOf: () =>
        isDown && place === 'storage' ? fail() : Promise.resolve({ videoId: 'video/one' }),
      wake: () => (isDown && place === 'Temporal' ? fail() : Promise.resolve(true)),
    });
    expect(await outcomeOf(signed(completed))).toBe('unavailable');
    isDown = false;
    expect(await outcomeOf(signed(completed))).toBe('woken');
    expect(woken.at(-1)?.videoId).toBe('video/one');
  });

  test('after no video owned its job is handled, since the owner may be recorded later', async () => {
    const owners: Record<string, string> = {};
    const { outcomeOf } = hookHarness({ owners });
    expect(await outcomeOf(signed(completed))).toBe('unknown_job');
    owners['task_1'] = 'video/one';
    expect(await outcomeOf(signed(completed))).toBe('woken');
  });

  test('is remembered among the newest 10,000 events', async () => {
    const { outcomeOf } = hookHarness();
    const event = (id: number) => signed({ ...completed, id: `evt_${id}` });
    for (let id = 0; id <= 10_000; id += 1) await outcomeOf(event(id));
    expect(await outcomeOf(event(1))).toBe('duplicate');
    expect(await outcomeOf(event(0))).toBe('woken');
  });
});

test('no result of a callback contains the API key or the address of the video', async () => {
  const { handle } = hookHarness();
  const result = JSON.stringify(await handle(signed(completed)));
  expect(result).not.toContain(apiKey);
  expect(result).not.toContain('media.example');
});

function withHeaders(headers: Record<string, string | undefined>) {
  const callback = signed(completed);
  return { ...callback, headers: { ...callback.headers, ...headers } };
}
