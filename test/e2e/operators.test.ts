import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFreePort } from '../../src/dev/free-port.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { recordHistory } from './history.ts';
import {
  adoptPaidJob,
  expectDelivered,
  expectOnePost,
  inThePost,
  press,
  registerNamespace,
  resetToBeforeSubmit,
  startByName,
  startedIn,
  terminate,
} from './operator-actions.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

describe('a run that is reset to before its submit sends no second POST', () => {
  test.each([
    ['watched', ['queued', 'running']],
    ['stored', ['stored']],
  ] as const)(
    'while it is %s: the claim names the job, and the video is delivered',
    async (_, phases) => {
      await using harness = await createHarness();
      await harness.startWorker();
      const videoId = await startedIn(harness, astronaut);
      await untilPhase(harness, videoId, [...phases]);
      await resetToBeforeSubmit(harness, videoId);
      await expectDelivered(harness, videoId);
      await recordHistory(harness, videoId, `reset-while-${phases[0]}`);
    },
  );

  test('during its POST: it is unresolved, and the job can be adopted', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-slow');
    await resetToBeforeSubmit(harness, videoId);
    await untilPhase(harness, videoId, ['unresolved']);
    await adoptPaidJob(harness, videoId);
    await expectDelivered(harness, videoId);
  });
});

describe('a submit that is disturbed during its POST sends no second one', () => {
  test.each([
    ['paused and unpaused', ['pause', 'unpause']],
    ['reset', ['reset']],
    ['paused, reset and unpaused', ['pause', 'reset', 'unpause']],
  ] as const)('when it is %s: its response still counts', async (_, buttons) => {
    await using harness = await createHarness();
    await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-slow');
    await press(harness, videoId, ...buttons);
    await expectDelivered(harness, videoId);
  });

  test('when its response arrives while it is paused', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-slow');
    await press(harness, videoId, 'pause');
    await expectDelivered(harness, videoId);
  });

  test.each([
    ['reset and its worker dies', ['reset'], []],
    ['paused, its worker dies, and it is unpaused', ['pause'], ['unpause']],
    ['paused, its worker dies, and it is reset', ['pause'], ['reset']],
  ] as const)('when it is %s: it is unresolved', async (_, before, after) => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-hang');
    await press(harness, videoId, ...before);
    await worker.kill();
    await harness.startWorker();
    await press(harness, videoId, ...after);
    await untilPhase(harness, videoId, ['unresolved']);
    await adoptPaidJob(harness, videoId);
    await expectDelivered(harness, videoId);
  });

  test('when its worker shuts down: the POST finishes first, and the next worker takes over', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-slow');
    const [, phase] = await Promise.all([
      Promise.all([worker.stop(), harness.startWorker()]),
      untilPhase(harness, videoId, ['queued', 'running', 'unresolved']),
    ]);
    expect(phase).toMatchObject({ billed: 'yes' });
    await expectDelivered(harness, videoId);
  });
});

describe('a worker with a wrong API key', () => {
  test('is refused, visibly and unbilled; the same request may be started again', async () => {
    await using harness = await createHarness();
    const wrong = await harness.startWorker({ GATEWAY_API_KEY: 'sk-wrong' });
    const videoId = await startedIn(harness, astronaut);
    const outcome = await harness.client.wait(videoId);
    expect(outcome).toMatchObject({ failure: { kind: 'auth', billed: 'no' } });
    expect(harness.gateway.ledger.paidJobs).toHaveLength(0);
    await Promise.all([wrong.stop(), harness.startWorker()]);
    expect((await harness.client.start(astronaut)).outcome).toBe('started');
    expect(await harness.client.wait(videoId)).toMatchObject({ outcome: 'stored' });
    expect(harness.gateway.ledger.paidJobs).toHaveLength(1);
  });

  test('beside a worker with the right key never fails a paid job: the poll is retried until the right key is used', async () => {
    await using harness = await createHarness();
    const right = await harness.startWorker();
    const videoId = await startedIn(harness, astronaut);
    await untilPhase(harness, videoId, ['queued', 'running']);
    await right.stop();
    await harness.startWorker({ GATEWAY_API_KEY: 'sk-wrong' });
    const seen = await until('a word about the key', async () => {
      const status = await harness.client.status(videoId);
      return status.attention !== undefined && status;
    });
    expect(seen).toMatchObject({ attention: 'auth', billed: 'yes' });
    await harness.startWorker();
    await expectDelivered(harness, videoId);
  });
});

describe('a terminated run', () => {
  test('whose submit was sent is not started again by the client; a start by name delivers the same job', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const videoId = await startedIn(harness, astronaut);
    await untilPhase(harness, videoId, ['queued', 'running']);
    await terminate(harness, videoId);
    await expect(harness.client.start(astronaut)).rejects.toMatchObject({ kind: 'may_be_billed' });
    await startByName(harness, videoId, astronaut);
    await expectDelivered(harness, videoId);
    await recordHistory(harness, videoId, 'answered-by-claim');
  });

  test('whose worker died during the POST is unresolved when it is started by name', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const videoId = await inThePost(harness, 'submit-hang');
    await worker.kill();
    await terminate(harness, videoId);
    await harness.startWorker();
    await startByName(harness, videoId, playing('submit-hang'));
    await untilPhase(harness, videoId, ['unresolved']);
    expectOnePost(harness);
    await adoptPaidJob(harness, videoId);
    await expectDelivered(harness, videoId);
  });
});

describe('after the Temporal database was deleted', () => {
  test.each([
    ['the client', 'running', (harness: Harness) => harness.client.start(astronaut)],
    ['name', 'stored', (harness: Harness, id: string) => startByName(harness, id, astronaut)],
  ] as const)('%s that starts a %s video again pays nothing', async (_, phase, startAgain) => {
    const folder = await mkdtemp(join(tmpdir(), 'onetake-lost-'));
    const file = (name: string) => ({ databaseFile: join(folder, name), ui: false });
    const port = await findFreePort();
    let server = await startTemporalServer({ ...file('first.db'), port });
    try {
      await using harness = await createHarness({ address: server.address });
      const worker = await harness.startWorker();
      const videoId = await startedIn(harness, astronaut);
      await untilPhase(harness, videoId, phase === 'stored' ? ['stored'] : ['queued', 'running']);
      await Promise.all([worker.kill(), server.stop()]);
      server = await startTemporalServer({ ...file('second.db'), port });
      await registerNamespace(harness);
      await harness.startWorker();
      await startAgain(harness, videoId);
      await expectDelivered(harness, videoId);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
