import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titleOf } from '../faults/fault-row.ts';
import { playTable, type Play } from '../faults/play-table.ts';
import { deviations } from '../faults/run-row.ts';
import { faultTable } from '../faults/table.ts';
import { readableHistory } from './history.ts';

/** Above this a history holds what belongs elsewhere: a usual one has 60 KB. */
const largestHistory = 250_000;

let play: Play;
const titled = faultTable.map((row) => [titleOf(row), row] as const);

beforeAll(async () => {
  play = await playTable(faultTable);
});
afterAll(() => play?.[Symbol.asyncDispose]());

describe('what the wire can do, and what the caller sees', () => {
  test.each(titled)('%s', { timeout: 180_000 }, async (_title, row) => {
    expect(deviations(row, await play.seen(row))).toEqual([]);
  });
});

describe('over all faults', () => {
  test('no history holds the key, an authorization header, a signed address or a video', async () => {
    const leaking: string[] = [];
    for (const row of faultTable) {
      const { stage, videoId } = await play.running(row);
      const history = await readableHistory(stage, videoId);
      const secret = new RegExp(
        `${stage.gateway.apiKey}|authorization|signature=|x-amz-|video/mp4;base64`,
        'i',
      );
      const isWhole = history.includes('a cat') && history.length < largestHistory;
      if (!isWhole || secret.test(history)) leaking.push(titleOf(row));
    }
    expect(leaking).toEqual([]);
  });

  test('only ids that the gateway gave are ever asked for', () => {
    for (const { gateway } of Object.values(play.stages)) {
      const given = new Set(gateway.ledger.paidJobs.map(({ jobId }) => jobId));
      const asked = gateway.ledger.statusRequests.map(({ jobId }) => jobId);
      expect([...new Set(asked)].filter((jobId) => !given.has(jobId))).toEqual([]);
    }
  });

  test('other origins see neither a POST nor the key', () => {
    for (const { gateway } of Object.values(play.stages)) {
      const seen = gateway.ledger.mediaRequests;
      expect(seen.filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(seen.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
    }
  });
});

test('a job that was called failed by mistake is delivered by adopting it', async () => {
  const row = faultTable.find(({ scenario }) => scenario === 'poll-false-failure');
  const { stage, request, videoId } = await play.running(row ?? expect.fail('no such row'));
  const { jobId = '' } = await stage.client.status(videoId);
  await stage.client.adopt({ format: request.format, jobId }, { videoId });
  const outcome = await stage.client.wait(videoId, { timeoutMs: 60_000 });
  expect(outcome).toMatchObject({ outcome: 'stored', result: { jobId } });
});
