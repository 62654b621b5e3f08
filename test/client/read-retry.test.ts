import { randomBytes } from 'node:crypto';
import { ApplicationFailure, TimeoutFailure, type LoadedDataConverter } from '@temporalio/common';
import { TimeoutType } from '@temporalio/common/lib/failure.js';
import {
  encodeErrorToFailure,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import { describe, expect, test } from 'vitest';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { parsePayloadKeys } from '../../src/codec/payload-keys.ts';
import { readVideoStatus } from '../../src/client/status-reader.ts';
import type { VideoFailure } from '../../src/contract/failure.ts';
import { createFakeClient, startTime } from '../fakes/fake-client.ts';

const until = '2026-11-29T12:00:00.000Z';
const next = msToTs(Date.parse(until));
const failure: VideoFailure = {
  kind: 'gateway_unavailable',
  message: 'The answer was 502',
  billed: 'no',
};
const kindFailure = ApplicationFailure.create({ type: failure.kind, details: [failure] });
const pending = (details: unknown[]) =>
  ApplicationFailure.create({ type: 'VideoPending', message: 'queued', details });

interface Setting {
  activity: string;
  attempt: number;
  error?: Error;
  isRunning?: boolean;
  converter?: LoadedDataConverter;
  phase?: string;
  live?: boolean;
}

async function retrying({ activity, attempt, error, isRunning, converter, ...rest }: Setting) {
  const lastFailure =
    error && (await encodeErrorToFailure(converter ?? loadDataConverter(), error));
  const { phase = 'delivering', live = true } = rest;
  const { client } = createFakeClient({
    runs: [
      {
        phase,
        billed: 'yes',
        pendingActivities: [
          {
            activityType: { name: activity },
            attempt,
            ...(lastFailure && { lastFailure }),
            ...(!isRunning && { nextAttemptScheduleTime: next }),
          } as object,
        ],
      },
    ],
    ...(live && {
      query: () => ({ phase, billed: 'yes', startedAt: startTime.toISOString(), format: 'videos' }),
    }),
  });
  const status = await readVideoStatus(client, 'demo');
  expect(status.live).toBe(live);
  return status.retrying;
}

const delivery = { activity: 'storeVideo', attempt: 3, error: kindFailure };

describe('a failed delivery', () => {
  test.each([{ live: true }, { live: false }])(
    'that failed twice is shown with attempt, reason, next retry and the billing of the job: %o',
    async (given) => {
      expect(await retrying({ ...delivery, ...given })).toEqual({
        step: 'delivery',
        failure: { ...failure, billed: 'yes' },
        attempt: 2,
        until,
      });
    },
  );

  test('that failed once is not shown', async () => {
    expect(await retrying({ ...delivery, attempt: 2 })).toBeUndefined();
  });

  test('is shown without a time while the next attempt runs', async () => {
    const told = await retrying({ ...delivery, isRunning: true });
    expect(told).toMatchObject({ attempt: 2 });
    expect(told).not.toHaveProperty('until');
  });

  test('is shown by the server alone if its workers die repeatedly', async () => {
    const error = new TimeoutFailure('timeout', undefined, TimeoutType.HEARTBEAT);
    expect(await retrying({ ...delivery, error })).toMatchObject({
      attempt: 2,
      failure: { kind: 'result_missing', message: expect.stringMatching(/HEARTBEAT/) as string },
    });
  });

  test('is shown although its reason is encrypted and cannot be read', async () => {
    const keys = parsePayloadKeys(`a:${randomBytes(32).toString('base64')}`);
    const converter = { ...loadDataConverter(), payloadCodecs: [createPayloadCodec(keys)] };
    expect(await retrying({ ...delivery, converter })).toMatchObject({ attempt: 2 });
  });
});

describe('a poll', () => {
  const watch = { activity: 'awaitVideoChange', attempt: 40, phase: 'running' };

  test('that succeeds without news is retried silently', async () => {
    expect(await retrying({ ...watch, error: pending([]) })).toBeUndefined();
  });

  test('that failed is shown from the second failure in a row, whatever its attempt', async () => {
    const failing = (inARow: number) => pending([{ failure, inARow }]);
    expect(await retrying({ ...watch, error: failing(1) })).toBeUndefined();
    expect(await retrying({ ...watch, error: failing(2) })).toEqual({
      step: 'poll',
      failure: { ...failure, billed: 'yes' },
      attempt: 2,
      until,
    });
  });

  test('that failed with an unknown error is shown without a count', async () => {
    const told = await retrying({ ...watch, error: new TypeError('Cannot read x') });
    expect(told).toMatchObject({ step: 'poll', failure: { message: 'Cannot read x' } });
    expect(told).not.toHaveProperty('attempt');
  });
});

describe('the progress of a run that is told of none', () => {
  const of = async (phase: string, progress: object) => {
    const lastFailure = await encodeErrorToFailure(loadDataConverter(), pending([{ progress }]));
    const activity = { activityType: { name: 'awaitVideoChange' }, attempt: 4, lastFailure };
    const { client } = createFakeClient({
      runs: [{ phase: 'running', billed: 'yes', pendingActivities: [activity] }],
      query: () => ({ phase, billed: 'yes', startedAt: startTime.toISOString() }),
    });
    return readVideoStatus(client, 'demo');
  };
  const running = { state: 'running', progressPercent: 40 };

  test('is in its pending poll', async () => {
    expect(await of('queued', running)).toMatchObject({ phase: 'running', progressPercent: 40 });
    expect(await of('queued', { state: 'queued' })).toMatchObject({ phase: 'queued' });
  });

  test('does not end the phase of a video that is overdue', async () => {
    expect(await of('overdue', running)).toMatchObject({ phase: 'overdue', progressPercent: 40 });
  });
});

test('an activity that has not failed is not shown', async () => {
  expect(await retrying({ activity: 'storeVideo', attempt: 1 })).toBeUndefined();
});
