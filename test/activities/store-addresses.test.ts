import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/contract/failure.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { at, bytes, storeHarness, url, type StoreSetting } from './store-harness.ts';

const gone = (kind: FailureKind) => new GatewayError(kind, `Cannot fetch: ${kind}`);
const page = { bytes: Buffer.from('<html><body>link expired</body></html>') };
const half = { bytes: bytes.subarray(0, bytes.length / 2) };

describe('the addresses', () => {
  const second = 'https://media.example/second';
  const videosJob = { job: { format: 'videos', jobId: 'task_1' } } as const;

  test('are tried in order until one gives a whole video', async () => {
    const { store, gateway } = await storeHarness({
      status: { generations: [at('a', 'b', url, second)] },
      files: { a: gone('result_missing'), b: page, [url]: { bytes }, [second]: { bytes } },
    });
    await store();
    expect(gateway.opened).toEqual(['a', 'b', url]);
    expect(gateway.openTransfers()).toBe(0);
  });

  test('are asked for anew in each attempt', async () => {
    const { store, storeAgain, gateway } = await storeHarness({
      status: { generations: [at('expired'), at(url)] },
      files: { expired: gone('result_missing'), [url]: { bytes } },
    });
    await failureOf(store());
    await storeAgain();
    expect(gateway.opened).toEqual(['expired', url]);
  });

  test('of the other route come first where the own one has only /content', async () => {
    const { store, gateway } = await storeHarness({
      status: { videos: [at('/content')], generations: [at(url, '/content')] },
      files: { '/content': page, [url]: { bytes } },
      input: videosJob,
    });
    await store();
    expect(gateway.opened).toEqual([url]);
  });

  test('of the own route are enough where the other one is silent', async () => {
    const { store } = await storeHarness({
      status: { videos: [at(url)], generations: [gone('gateway_unavailable')] },
      input: videosJob,
    });
    expect((await store()).sizeBytes).toBe(bytes.length);
  });

  test.each(['videos', 'generations'] as const)(
    'of the other route serve where the %s route of the job answers 500',
    async (format) => {
      const broken = new GatewayError('gateway_unavailable', 'Cannot read', { httpStatus: 500 });
      const routes = { videos: [at(url)], generations: [at(url)] };
      const { store } = await storeHarness({
        status: { ...routes, [format]: [broken] },
        input: { job: { format, jobId: 'task_1' } },
      });
      expect((await store()).sizeBytes).toBe(bytes.length);
    },
  );

  test('never stand in a failure', async () => {
    const { store } = await storeHarness({ file: half });
    const failure = await failureOf(store());
    expect(JSON.stringify([failure.message, failure.details])).not.toMatch(/media\.example|secret/);
  });

  describe('that have expired', () => {
    const expired = (httpStatus: number, kind: FailureKind = 'result_missing') =>
      new GatewayError(kind, `Cannot fetch: the answer was ${httpStatus}`, { httpStatus });

    test.each([400, 401, 403, 404, 410])('by a %s are asked for anew once', async (status) => {
      const { store, gateway } = await storeHarness({
        status: { generations: [at('old', '/content'), at(url, '/content')] },
        files: { old: expired(status), '/content': expired(404), [url]: { bytes } },
      });
      await store();
      expect(gateway.opened).toEqual(['old', '/content', url]);
    });

    test('are a matter of the next attempt where the fresh ones have, too', async () => {
      const { store, gateway } = await storeHarness({
        status: { generations: [at('a'), at('b'), at('c')] },
        files: { a: expired(403), b: expired(403) },
      });
      const failure = await failureOf(store());
      expect(failure).toMatchObject({ type: 'result_missing', nonRetryable: false });
      expect(gateway.opened).toEqual(['a', 'b']);
    });

    test('are not asked for anew by a 502', async () => {
      const { store, gateway } = await storeHarness({
        files: { [url]: expired(502, 'gateway_unavailable') },
      });
      expect((await failureOf(store())).nonRetryable).toBe(false);
      expect(gateway.asked).toHaveLength(1);
    });

    test('are final where the gateway itself says that the video is gone', async () => {
      const { store } = await storeHarness({
        status: { generations: [at(url, '/content')] },
        files: { [url]: expired(403), '/content': expired(410, 'result_expired') },
      });
      expect(await failureOf(store())).toMatchObject({
        type: 'result_expired',
        nonRetryable: true,
      });
    });

    test('are not, where only somebody else says so', async () => {
      const { store } = await storeHarness({
        status: { generations: [at(url, '/content')] },
        files: { [url]: expired(410, 'result_expired'), '/content': expired(404) },
      });
      expect(await failureOf(store())).toMatchObject({
        type: 'result_missing',
        nonRetryable: false,
      });
    });

    test('end as the gateway says when the job turns out to have failed', async () => {
      const failure = { kind: 'task_failed', message: 'the vendor lost it' } as const;
      const setting: StoreSetting = {
        status: { generations: [at(url), jobStatus({ state: 'failed', failure })] },
        file: expired(400),
      };
      for (const [attempt, nonRetryable] of [
        [1, false],
        [8, true],
      ] as const) {
        const found = await failureOf((await storeHarness({ ...setting, attempt })).store());
        expect(found).toMatchObject({ type: 'task_failed', nonRetryable });
        expect(detailsOf(found).billed).toBe('maybe');
      }
    });
  });

  test('on private networks do not end a job whose own address is only late', async () => {
    const { store } = await storeHarness({
      status: { generations: [at(url, '/content')] },
      files: { [url]: gone('blocked_url'), '/content': gone('result_missing') },
    });
    expect((await failureOf(store())).nonRetryable).toBe(false);
  });

  test('on private networks are named, whatever the last address answered', async () => {
    const { store } = await storeHarness({
      status: { generations: [at(url, '/content')] },
      files: { [url]: gone('blocked_url'), '/content': gone('result_missing') },
    });
    const { message } = await failureOf(store());
    expect(message).toContain('Another address was refused: ');
  });
});
