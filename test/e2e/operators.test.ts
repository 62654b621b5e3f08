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
import { setStage, until, untilPhase, type Stage } from './stage.ts';

describe('a run that is reset to before its submit sends no second POST', () => {
  test.each([
    ['watched', ['queued', 'running']],
    ['stored', ['stored']],
  ] as const)(
    'while it is %s: the claim names the job, and the video is delivered',
    async (_, phases) => {
      await using stage = await setStage();
      await stage.startWorker();
      const videoId = await startedIn(stage, astronaut);
      await untilPhase(stage, videoId, [...phases]);
      await resetToBeforeSubmit(stage, videoId);
      await expectDelivered(stage, videoId);
      await recordHistory(stage, videoId, `reset-while-${phases[0]}`);
    },
  );

  test('during its POST: it is unresolved, and the job can be adopted', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-slow');
    await resetToBeforeSubmit(stage, videoId);
    await untilPhase(stage, videoId, ['unresolved']);
    await adoptPaidJob(stage, videoId);
    await expectDelivered(stage, videoId);
  });
});

describe('a submit that is disturbed during its POST sends no second one', () => {
  test.each([
    ['paused and unpaused', ['pause', 'unpause']],
    ['reset', ['reset']],
    ['paused, reset and unpaused', ['pause', 'reset', 'unpause']],
  ] as const)('when it is %s: its response still counts', async (_, buttons) => {
    await using stage = await setStage();
    await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-slow');
    await press(stage, videoId, ...buttons);
    await expectDelivered(stage, videoId);
  });

  test('when its response arrives while it is paused', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-slow');
    await press(stage, videoId, 'pause');
    await expectDelivered(stage, videoId);
  });

  test.each([
    ['reset and its worker dies', ['reset'], []],
    ['paused, its worker dies, and it is unpaused', ['pause'], ['unpause']],
    ['paused, its worker dies, and it is reset', ['pause'], ['reset']],
  ] as const)('when it is %s: it is unresolved', async (_, before, after) => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-hang');
    await press(stage, videoId, ...before);
    await worker.kill();
    await stage.startWorker();
    await press(stage, videoId, ...after);
    await untilPhase(stage, videoId, ['unresolved']);
    await adoptPaidJob(stage, videoId);
    await expectDelivered(stage, videoId);
  });

  test('when its worker shuts down: the POST finishes first, and the next worker takes over', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-slow');
    const [, phase] = await Promise.all([
      Promise.all([worker.stop(), stage.startWorker()]),
      untilPhase(stage, videoId, ['queued', 'running', 'unresolved']),
    ]);
    expect(phase).toMatchObject({ billed: 'yes' });
    await expectDelivered(stage, videoId);
  });
});

describe('a worker with a wrong API key', () => {
  test('is refused, visibly and unbilled; the same request may be started again', async () => {
    await using stage = await setStage();
    const wrong = await stage.startWorker({ GATEWAY_API_KEY: 'sk-wrong' });
    const videoId = await startedIn(stage, astronaut);
    const outcome = await stage.client.wait(videoId);
    expect(outcome).toMatchObject({ failure: { kind: 'auth', billed: 'no' } });
    expect(stage.gateway.ledger.paidJobs).toHaveLength(0);
    await Promise.all([wrong.stop(), stage.startWorker()]);
    expect((await stage.client.start(astronaut)).outcome).toBe('started');
    expect(await stage.client.wait(videoId)).toMatchObject({ outcome: 'stored' });
    expect(stage.gateway.ledger.paidJobs).toHaveLength(1);
  });

  test('beside a worker with the right key never fails a paid job: the poll is retried until the right key is used', async () => {
    await using stage = await setStage();
    const right = await stage.startWorker();
    const videoId = await startedIn(stage, astronaut);
    await untilPhase(stage, videoId, ['queued', 'running']);
    await right.stop();
    await stage.startWorker({ GATEWAY_API_KEY: 'sk-wrong' });
    const seen = await until('a word about the key', async () => {
      const status = await stage.client.status(videoId);
      return status.attention !== undefined && status;
    });
    expect(seen).toMatchObject({ attention: 'auth', billed: 'yes' });
    await stage.startWorker();
    await expectDelivered(stage, videoId);
  });
});

describe('a terminated run', () => {
  test('whose submit was sent is not started again by the client; a start by name delivers the same job', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const videoId = await startedIn(stage, astronaut);
    await untilPhase(stage, videoId, ['queued', 'running']);
    await terminate(stage, videoId);
    await expect(stage.client.start(astronaut)).rejects.toMatchObject({ kind: 'may_be_billed' });
    await startByName(stage, videoId, astronaut);
    await expectDelivered(stage, videoId);
    await recordHistory(stage, videoId, 'answered-by-claim');
  });

  test('whose worker died during the POST is unresolved when it is started by name', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const videoId = await inThePost(stage, 'submit-hang');
    await worker.kill();
    await terminate(stage, videoId);
    await stage.startWorker();
    await startByName(stage, videoId, playing('submit-hang'));
    await untilPhase(stage, videoId, ['unresolved']);
    expectOnePost(stage);
    await adoptPaidJob(stage, videoId);
    await expectDelivered(stage, videoId);
  });
});

describe('after the Temporal database was deleted', () => {
  test.each([
    ['the client', 'running', (stage: Stage) => stage.client.start(astronaut)],
    ['name', 'stored', (stage: Stage, id: string) => startByName(stage, id, astronaut)],
  ] as const)('%s that starts a %s video again pays nothing', async (_, phase, startAgain) => {
    const folder = await mkdtemp(join(tmpdir(), 'onetake-lost-'));
    const file = (name: string) => ({ databaseFile: join(folder, name), ui: false });
    const port = await findFreePort();
    let server = await startTemporalServer({ ...file('first.db'), port });
    try {
      await using stage = await setStage({ address: server.address });
      const worker = await stage.startWorker();
      const videoId = await startedIn(stage, astronaut);
      await untilPhase(stage, videoId, phase === 'stored' ? ['stored'] : ['queued', 'running']);
      await Promise.all([worker.kill(), server.stop()]);
      server = await startTemporalServer({ ...file('second.db'), port });
      await registerNamespace(stage);
      await stage.startWorker();
      await startAgain(stage, videoId);
      await expectDelivered(stage, videoId);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
