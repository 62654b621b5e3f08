import { noopMetricMeter, type MetricMeter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { expectedBytes } from '../../src/activities/submit/check-space.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import { input, submitHarness } from './submit-harness.ts';

const mebibyte = 1024 ** 2;

function asked(fields: Record<string, unknown>): VideoRequest {
  return { format: 'videos', body: { model: 'm', prompt: 'p', ...fields } };
}

/** A storage on a disk with so much left, which may change meanwhile. */
function onDisk(disk: { freeBytes: number }) {
  return (storage: VideoStorage): VideoStorage => ({
    ...storage,
    space: async () => ({ ...disk, totalBytes: 100 * 1024 ** 3 }),
  });
}

describe('a submit', () => {
  test('whose video would not fit is not sent, costs nothing, and is asked again', async () => {
    const disk = { freeBytes: 200 * mebibyte };
    const { submitVideo, gateway, files } = await submitHarness({ through: onDisk(disk) });
    const failure = detailsOf(await failureOf(activityHarness().run(submitVideo, input)));
    expect(failure).toMatchObject({
      kind: 'storage_full',
      outcome: 'not_accepted',
      billed: 'no',
      held: true,
    });
    expect(failure.retryAfterMs).toBeGreaterThan(0);
    expect(gateway.submitted).toEqual([]);
    expect(await files()).toEqual([]);
    disk.freeBytes = 2_000 * mebibyte;
    await activityHarness().run(submitVideo, input);
    expect(gateway.submitted).toHaveLength(1);
  });

  test('that was paid for already is found in its claim, however full the disk is', async () => {
    const disk = { freeBytes: 2_000 * mebibyte };
    const { submitVideo, gateway } = await submitHarness({ through: onDisk(disk) });
    const first = await activityHarness().run(submitVideo, input);
    disk.freeBytes = 0;
    const again = await activityHarness().run(submitVideo, input);
    expect(again).toMatchObject({ jobId: first.jobId, foundInClaim: true });
    expect(gateway.submitted).toHaveLength(1);
  });

  test.each([
    ['has no disk', (storage: VideoStorage) => ({ ...storage, space: async () => null })],
    ['cannot tell its space', (storage: VideoStorage) => withFailing(storage, ['space'])],
  ])('goes on where the storage %s', async (_, through) => {
    const { submitVideo, gateway } = await submitHarness({ through });
    await activityHarness().run(submitVideo, input);
    expect(gateway.submitted).toHaveLength(1);
  });
});

test.each([
  ['nearly full', 2_000 * mebibyte, 1],
  ['not', 20_000 * mebibyte, 0],
])(
  'the free bytes are published; a disk that is %s is warned of %#',
  async (_, freeBytes, warnings) => {
    const published: unknown[] = [];
    const warned: unknown[] = [];
    const createGauge: MetricMeter['createGauge'] = (name, ...rest) => ({
      ...noopMetricMeter.createGauge(name, ...rest),
      set: (value) => published.push([name, value]),
    });
    const metricMeter = Object.assign(Object.create(noopMetricMeter) as MetricMeter, {
      createGauge,
    });
    const logger = new DefaultLogger('WARN', (entry) => warned.push(entry));
    const environment = new MockActivityEnvironment(
      { startToCloseTimeoutMs: 180_000 },
      { metricMeter, logger },
    );
    const { submitVideo } = await submitHarness({ through: onDisk({ freeBytes }) });
    await environment.run(submitVideo, input);
    expect(published).toEqual([['onetake_storage_free_bytes', freeBytes]]);
    expect(warned).toHaveLength(warnings);
  },
);

describe('expectedBytes()', () => {
  test('grows with length and picture', () => {
    const short = expectedBytes(asked({ size: '1280x720', seconds: '4' }));
    expect(expectedBytes(asked({ size: '1280x720', seconds: '8' }))).toBe(2 * short);
    expect(expectedBytes(asked({ size: '2560*1440', duration: 4 }))).toBe(4 * short);
  });

  test.each([[{}], [{ size: '720p', duration: 'long' }], [{ size: 7 }], [{ size: '16:9' }]])(
    'takes what %j does not say for large',
    (fields) => {
      expect(expectedBytes(asked(fields))).toBeGreaterThan(
        expectedBytes(asked({ size: '1920x1080', seconds: '15' })),
      );
    },
  );
});
