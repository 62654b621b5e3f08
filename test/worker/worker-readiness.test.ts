import { describe, expect, test } from 'vitest';
import { createReadiness } from '../../src/worker/readiness.ts';

import type { State } from '@temporalio/worker';

function harness() {
  const world = {
    state: 'RUNNING' as State,
    nowMs: 0,
    temporal: () => Promise.resolve(),
    storage: () => Promise.resolve(),
    asked: 0,
  };
  const readiness = createReadiness({
    workers: [{ getState: () => 'RUNNING' }, { getState: () => world.state }],
    connection: {
      withDeadline: (_: unknown, ask: () => Promise<unknown>) => ask(),
      workflowService: {
        getSystemInfo: () => {
          world.asked += 1;
          return world.temporal();
        },
      },
    } as never,
    storage: { check: () => world.storage() },
    now: () => world.nowMs,
  });
  return { world, readiness };
}

const refuse = (message: string) => () => Promise.reject(new Error(message));

describe('a worker', () => {
  test('is ready when all of it polls, Temporal answers and the storage can be written', async () => {
    expect(await harness().readiness()).toEqual({ ready: true, reasons: [] });
  });

  test.each([
    ['INITIALIZED', 'starting'],
    ['STOPPING', 'stopping'],
    ['STOPPED', 'stopping'],
  ] as const)('that is %s is not ready: %s', async (state, word) => {
    const { world, readiness } = harness();
    await readiness();
    world.state = state;
    expect(await readiness()).toEqual({
      ready: false,
      reasons: [`worker: ${word}`],
    });
  });

  test('says all that keeps it from being ready', async () => {
    const { world, readiness } = harness();
    world.temporal = refuse('gone');
    world.storage = refuse('full');
    expect(await readiness()).toEqual({
      ready: false,
      reasons: ['temporal: gone', 'storage: full'],
    });
  });

  test('is asked often, and asks Temporal seldom', async () => {
    const { world, readiness } = harness();
    for (let probe = 0; probe < 10; probe += 1) await readiness();
    expect(world.asked).toBe(1);
    world.nowMs = 60_000;
    world.temporal = refuse('gone');
    expect(await readiness()).toMatchObject({ ready: false });
  });

  test('is ready again as soon as the fault is over', async () => {
    const { world, readiness } = harness();
    world.storage = refuse('full');
    expect(await readiness()).toMatchObject({ ready: false });
    world.storage = () => Promise.resolve();
    expect(await readiness()).toMatchObject({ ready: true });
  });

  test('asks once for many probes at the same moment', async () => {
    const { world, readiness } = harness();
    await Promise.all(Array.from({ length: 5 }, () => readiness()));
    expect(world.asked).toBe(1);
  });
});
