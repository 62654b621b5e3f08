import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withHeartbeats } from '../../src/activities/batch/with-heartbeats.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an activity that works for a minute without a word is seen to live, and stops saying so at its end', async () => {
  let beats = 0;
  const env = new MockActivityEnvironment();
  env.on('heartbeat', () => {
    beats += 1;
  });
  let finish: (value: string) => void = () => {};
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const running = env.run(withHeartbeats(() => work));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(beats).toBe(6);
  finish('done');
  expect(await running).toBe('done');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(beats).toBe(6);
});
