import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFreePort } from '../../src/dev/free-port.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { recordHistory } from './history.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

async function expectDelivered(harness: Harness, videoId: string): Promise<void> {
  const outcome = await harness.client.wait(videoId);
  expect(outcome.outcome).toBe('stored');
  expect(harness.gateway.ledger.posts).toHaveLength(1);
  expect(harness.gateway.ledger.paidJobs).toHaveLength(1);
}

describe('kill -9 of the worker', () => {
  test('during the POST leaves one POST and a visible unresolved submit', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const { videoId } = await harness.client.start(playing('submit-hang'), {
      submitTimeoutMs: 10_000,
    });
    await until('the POST', () => harness.gateway.ledger.posts.length === 1);
    await worker.kill();
    await harness.startWorker();
    const status = await untilPhase(harness, videoId, ['unresolved']);
    expect(status).toMatchObject({
      billed: 'maybe',
      unresolved: { failure: { kind: 'submit_unknown' } },
    });
    const [job] = harness.gateway.ledger.paidJobs;
    await harness.client.resolve(videoId, { action: 'adopt', jobId: job?.jobId ?? '' });
    await expectDelivered(harness, videoId);
  });

  test('while the poll waits costs nothing: the next worker continues', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const { videoId } = await harness.client.start(astronaut);
    await untilPhase(harness, videoId, ['queued', 'running']);
    await worker.kill();
    await harness.startWorker();
    await expectDelivered(harness, videoId);
    await recordHistory(harness, videoId, 'worker-lost');
  });

  test('during the download still delivers the whole file', async () => {
    await using harness = await createHarness();
    const worker = await harness.startWorker();
    const { videoId } = await harness.client.start(playing('dl-hang'));
    await until('the download', () => harness.gateway.ledger.mediaRequests.length === 1);
    await worker.kill();
    await harness.startWorker();
    await expectDelivered(harness, videoId);
  }, 180_000);
});

describe('a restart of the Temporal server', () => {
  test.each([
    ['without any other fault', false],
    ['together with kill -9 of the worker', true],
  ])(
    '%s on the same database loses nothing',
    async (_, killWorker) => {
      await using outer = await createHarness();
      const port = await findFreePort();
      const options = { databaseFile: join(outer.folder, 'temporal.db'), port, ui: false };
      let server = await startTemporalServer(options);
      try {
        await using harness = await createHarness({ address: server.address });
        const worker = await harness.startWorker();
        const { videoId } = await harness.client.start(astronaut);
        await untilPhase(harness, videoId, ['queued', 'running']);
        await Promise.all([server.stop(), killWorker ? worker.kill() : null]);
        server = await startTemporalServer(options);
        if (killWorker) await harness.startWorker();
        await expectDelivered(harness, videoId);
      } finally {
        await server.stop();
      }
    },
    180_000,
  );
});
