import { CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/contract/failure.ts';
import type { DeliveryFailed } from '../../src/contract/messages.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { createFakeClient } from '../fakes/fake-client.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import { bytes, storeHarness, type StoreSetting } from './store-harness.ts';

const gone = (kind: FailureKind) => new GatewayError(kind, `Cannot fetch: ${kind}`);

describe('the attempts', () => {
  const kinds: [FailureKind, first: boolean, eighth: boolean][] = [
    ['result_missing', false, true],
    ['truncated', false, true],
    ['not_video', false, true],
    ['gateway_unavailable', false, false],
    ['rate_limited', false, false],
    ['auth', false, false],
    ['task_not_found', false, false],
    ['result_expired', true, true],
    ['blocked_url', true, true],
    ['too_large', true, true],
  ];

  test.each(kinds)('%s is final at the first: %s, at the eighth: %s', async (kind, ...finals) => {
    const found = [1, 8].map(async (attempt) => {
      const { store } = await storeHarness({ file: gone(kind), attempt });
      return (await failureOf(store())).nonRetryable;
    });
    expect(await Promise.all(found)).toEqual(finals);
  });

  test('go on for ever where the storage is down', async () => {
    for (const attempt of [1, 8, 50]) {
      const through: StoreSetting['through'] = (storage) => withFailing(storage, ['stage']);
      const { store, gateway } = await storeHarness({ attempt, through });
      const failure = await failureOf(store());
      expect(failure).toMatchObject({ type: 'storage_unavailable', nonRetryable: false });
      expect(detailsOf(failure).billed).toBe('yes');
      expect(gateway.openTransfers()).toBe(0);
    }
  });

  test('do not end with a success that the gateway takes back for a moment', async () => {
    const { store, gateway } = await storeHarness({
      status: { generations: [jobStatus({ state: 'running' })] },
    });
    expect(await failureOf(store())).toMatchObject({ type: 'result_missing', nonRetryable: false });
    expect(gateway.opened).toEqual([]);
  });
});

describe('the run is told of a delivery that failed', () => {
  const refused = new GatewayError('gateway_unavailable', 'The answer was 502');
  const seconds = (count: number) => count * 1_000;
  const info = {
    workflowExecution: { workflowId: 'video/demo', runId: 'run-1' },
    retryPolicy: {
      initialInterval: seconds(3),
      backoffCoefficient: 2,
      maximumInterval: seconds(300),
    },
  };
  const signalsOf = async (attempt: number, file: GatewayError) => {
    const { client, calls } = createFakeClient();
    const { store } = await storeHarness({ file, attempt, client, info });
    const failure = await failureOf(store());
    return { failure, signals: calls.filter(({ name }) => name === 'signal') };
  };

  test.each([
    [1, refused],
    [8, gone('result_missing')],
    [2, gone('too_large')],
  ])('not by attempt %i of %s', async (attempt, file) => {
    expect((await signalsOf(attempt, file)).signals).toEqual([]);
  });

  test.each([
    [2, seconds(6)],
    [4, seconds(24)],
    [50, seconds(300)],
  ])('by attempt %i, with its reason and the time of the next', async (attempt, delayMs) => {
    const earliest = Date.now() + delayMs;
    const { signals } = await signalsOf(attempt, refused);
    expect(signals).toMatchObject([
      {
        given: [
          'video/demo',
          'deliveryFailed',
          { attempt, failure: { kind: 'gateway_unavailable', message: 'The answer was 502' } },
        ],
      },
    ]);
    const [, , told] = signals[0]?.given ?? [];
    const nextAt = Date.parse((told as DeliveryFailed).until ?? '');
    expect(nextAt).toBeGreaterThanOrEqual(earliest);
    expect(nextAt).toBeLessThanOrEqual(Date.now() + delayMs);
  });

  test('and fails for the same reason where the server does not answer', async () => {
    const { store } = await storeHarness({ file: refused, attempt: 2, info });
    expect(await failureOf(store())).toMatchObject({ type: 'gateway_unavailable' });
  });
});

describe('a cancellation', () => {
  test('in the middle of the bytes leaves no unfinished file', async () => {
    let chunks = 0;
    const setting: StoreSetting = {
      file: {
        bytes,
        chunkBytes: 1_000,
        onChunk: () => (chunks += 1) === 5 && harness.harness.cancel(),
      },
    };
    const harness = await storeHarness(setting);
    await expect(harness.store()).rejects.toBeInstanceOf(CancelledFailure);
    expect(await harness.files()).toEqual([]);
    expect(harness.gateway.openTransfers()).toBe(0);
  });

  test('before the first byte ends as cancelled, too', async () => {
    const { store, harness, files } = await storeHarness({
      file: () => {
        harness.cancel();
        throw gone('gateway_unavailable');
      },
    });
    await expect(store()).rejects.toBeInstanceOf(CancelledFailure);
    expect(await files()).toEqual([]);
  });
});
