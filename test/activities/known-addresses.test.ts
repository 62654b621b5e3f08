import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/contract/failure.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { at, bytes, storeHarness, url } from './store-harness.ts';
import { failed, running, succeeded, watchOnce } from './watch-harness.ts';

const known = ['https://media.example/known'];
const [knownUrl = ''] = known;
const broken = (kind: FailureKind, httpStatus?: number) =>
  new GatewayError(kind, `Cannot fetch: ${kind}`, { httpStatus });
const half = { bytes: bytes.subarray(0, bytes.length / 2) };

describe('a poll that sees a job succeed', () => {
  test('passes its addresses on, and they are in nothing that it returns', async () => {
    const { outcome, addresses, harness } = watchOnce({ generations: [succeeded] });
    const returned = JSON.stringify([await outcome, harness.heartbeats]);
    expect(returned).not.toContain('media.example');
    expect(addresses.take('task_1')).toEqual(succeeded.resultUrls);
  });

  test('passes on what both routes have, in the order of a delivery', async () => {
    const videos = [jobStatus({ state: 'succeeded', resultUrls: ['/content'] })];
    const generations = [jobStatus({ state: 'succeeded', resultUrls: [url, '/content'] })];
    const { outcome, addresses } = watchOnce({ videos, generations });
    await outcome;
    expect(addresses.take('task_1')).toEqual([url, '/content']);
  });

  test.each([
    ['runs', running(50)],
    ['has failed', failed],
  ])('passes on nothing while the job %s', async (_state, answer) => {
    const { outcome, addresses } = watchOnce({ generations: [answer] });
    await outcome;
    expect(addresses.take('task_1')).toBeUndefined();
  });
});

describe('a delivery that knows the addresses of the last poll', () => {
  test.each(['generations', 'videos'] as const)(
    'sends no status request for a job of the %s route',
    async (format) => {
      const { store, gateway } = await storeHarness({
        known,
        files: { [knownUrl]: { bytes } },
        input: { job: { format, jobId: 'task_1' } },
      });
      expect((await store()).sizeBytes).toBe(bytes.length);
      expect(gateway.asked).toEqual([]);
      expect(gateway.opened).toEqual(known);
    },
  );

  test('requests fresh ones in a later attempt', async () => {
    const { store, gateway } = await storeHarness({ known, attempt: 2 });
    await store();
    expect(gateway.opened).toEqual([url]);
  });

  test('requests fresh ones for another job', async () => {
    const { store, gateway } = await storeHarness({
      known,
      input: { job: { format: 'generations', jobId: 'task_2' } },
    });
    await store();
    expect(gateway.opened).toEqual([url]);
  });

  test.each([
    ['has expired', broken('result_missing', 403)],
    ['gives half a video', half],
    ['is blocked', broken('blocked_url')],
    ['is gone for good, as somebody else says', broken('result_expired', 410)],
    ['does not answer', broken('gateway_unavailable', 502)],
  ])('requests fresh ones if a known address %s', async (_fault, file) => {
    const { store, gateway } = await storeHarness({
      known,
      files: { [knownUrl]: file, [url]: { bytes } },
    });
    expect((await store()).sizeBytes).toBe(bytes.length);
    expect(gateway.opened).toEqual([knownUrl, url]);
  });

  test('reads the final status if the gateway has revoked the success', async () => {
    const failure = { kind: 'task_failed', message: 'the vendor lost it' } as const;
    const { store } = await storeHarness({
      known,
      status: { generations: [jobStatus({ state: 'failed', failure })] },
      files: { [knownUrl]: broken('result_missing', 400) },
    });
    const found = await failureOf(store());
    expect(found).toMatchObject({ type: 'task_failed', nonRetryable: false });
    expect(detailsOf(found).billed).toBe('maybe');
  });

  test('does not try an address again that has just failed, and requests once', async () => {
    const { store, gateway } = await storeHarness({
      known: [url],
      files: { [url]: broken('result_missing', 404) },
    });
    expect(await failureOf(store())).toMatchObject({ type: 'result_missing', nonRetryable: false });
    expect(gateway.opened).toEqual([url]);
    expect(gateway.asked).toHaveLength(1);
  });

  test('requests once more if a fresh address has expired, too', async () => {
    const { store, gateway } = await storeHarness({
      known,
      status: { generations: [at('fresh'), at(url)] },
      files: {
        [knownUrl]: broken('result_missing', 403),
        fresh: broken('result_missing', 403),
        [url]: { bytes },
      },
    });
    await store();
    expect(gateway.opened).toEqual([knownUrl, 'fresh', url]);
  });

  test('ends for good if the own address of the gateway says that the video is gone', async () => {
    const { store, gateway } = await storeHarness({
      known: [url, '/content'],
      status: { generations: [at(url, '/content')] },
      files: { [url]: broken('result_missing', 403), '/content': broken('result_expired', 410) },
    });
    expect(await failureOf(store())).toMatchObject({ type: 'result_expired', nonRetryable: true });
    expect(gateway.opened).toEqual([url, '/content']);
  });
});
