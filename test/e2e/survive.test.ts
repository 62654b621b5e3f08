import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFreePort } from '../../src/dev/free-port.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { setStage, until, untilPhase, type Stage } from './stage.ts';

async function expectDelivered(stage: Stage, videoId: string): Promise<void> {
  const outcome = await stage.client.wait(videoId);
  expect(outcome.outcome).toBe('stored');
  expect(stage.gateway.ledger.posts).toHaveLength(1);
  expect(stage.gateway.ledger.paidJobs).toHaveLength(1);
}

describe('kill -9 of the worker', () => {
  test('during the POST leaves one POST and a visible unresolved submit', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const { videoId } = await stage.client.start(playing('submit-hang'), {
      submitTimeoutMs: 10_000,
    });
    await until('the POST', () => stage.gateway.ledger.posts.length === 1);
    await worker.kill();
    await stage.startWorker();
    const status = await untilPhase(stage, videoId, ['unresolved']);
    expect(status).toMatchObject({
      billed: 'maybe',
      unresolved: { failure: { kind: 'submit_unknown' } },
    });
    const [job] = stage.gateway.ledger.paidJobs;
    await stage.client.resolve(videoId, { action: 'adopt', jobId: job?.jobId ?? '' });
    await expectDelivered(stage, videoId);
  });

  test('while the poll waits costs nothing: the next worker continues', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const { videoId } = await stage.client.start(astronaut);
    await untilPhase(stage, videoId, ['queued', 'running']);
    await worker.kill();
    await stage.startWorker();
    await expectDelivered(stage, videoId);
    await recordHistory(stage, videoId, 'worker-lost');
  });

  test('during the download still delivers the whole file', async () => {
    await using stage = await setStage();
    const worker = await stage.startWorker();
    const { videoId } = await stage.client.start(playing('dl-hang'));
    await until('the download', () => stage.gateway.ledger.mediaRequests.length === 1);
    await worker.kill();
    await stage.startWorker();
    await expectDelivered(stage, videoId);
  }, 180_000);
});

describe('a restart of the Temporal server', () => {
  test.each([
    ['without any other fault', false],
    ['together with kill -9 of the worker', true],
  ])(
    '%s on the same database loses nothing',
    async (_, killWorker) => {
      await using outer = await setStage();
      const port = await findFreePort();
      const options = { databaseFile: join(outer.folder, 'temporal.db'), port, ui: false };
      let server = await startTemporalServer(options);
      try {
        await using stage = await setStage({ address: server.address });
        const worker = await stage.startWorker();
        const { videoId } = await stage.client.start(astronaut);
        await untilPhase(stage, videoId, ['queued', 'running']);
        await Promise.all([server.stop(), killWorker ? worker.kill() : null]);
        server = await startTemporalServer(options);
        if (killWorker) await stage.startWorker();
        await expectDelivered(stage, videoId);
      } finally {
        await server.stop();
      }
    },
    180_000,
  );
});
