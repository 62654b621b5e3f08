import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titleOf } from '../faults/fault-row.ts';
import { runTable, type Play } from '../faults/run-table.ts';
import { deviations } from '../faults/run-row.ts';
import { faultTable } from '../faults/table.ts';
import { commandsOf, leaksOf, placesOf } from './canary.ts';
import { readableHistory } from './history.ts';

/** A larger history contains data that does not belong there: a usual one has 60 KB. */
const largestHistory = 250_000;

let play: Play;
const titled = faultTable.map((row) => [titleOf(row), row] as const);

beforeAll(async () => {
  play = await runTable(faultTable);
});
afterAll(() => play?.[Symbol.asyncDispose]());

describe('each fault of the gateway ends as the fault table says', () => {
  test.each(titled)('%s', { timeout: 300_000 }, async (_title, row) => {
    expect(deviations(row, await play.seen(row))).toEqual([]);
  });
});

describe('over all faults', () => {
  test('no history contains an authorization header, a signed URL or a video', async () => {
    const leaking: string[] = [];
    for (const row of faultTable.filter(({ lane }) => lane !== 'attempts')) {
      const { harness, videoId } = await play.running(row);
      const history = await readableHistory(harness, videoId);
      // With keys the prompt is none of those who look.
      const isReadable = history.includes('a cat') === (harness.env.PAYLOAD_KEYS === '');
      const isWhole = isReadable && history.length < largestHistory;
      if (!isWhole || /authorization|signature=|x-amz-|video\/mp4;base64/i.test(history)) {
        leaking.push(titleOf(row));
      }
    }
    expect(leaking).toEqual([]);
  });

  test('no log, file, history or search attribute contains the API key or the access token', async () => {
    for (const harness of play.harnesses) {
      const { apiKey, accessToken } = harness.gateway;
      const { read, leaking } = await leaksOf(placesOf(harness), [apiKey, accessToken]);
      expect(read).toBeGreaterThan(3);
      expect(leaking).toEqual([]);
    }
  }, 300_000);

  test('no output of a command contains the API key or the access token', async () => {
    const shared = faultTable.find(({ lane, records }) => lane === 'shared' && !records);
    // Most rows, and so most phases, run in this harness.
    const { harness } = await play.running(shared ?? expect.fail('no shared row'));
    const { apiKey, accessToken } = harness.gateway;
    const { read, leaking } = await leaksOf(commandsOf(harness), [apiKey, accessToken]);
    expect(read).toBeGreaterThan(5);
    expect(leaking).toEqual([]);
  }, 120_000);

  test('only job ids that the gateway returned are polled', () => {
    for (const { gateway } of play.harnesses) {
      const given = new Set(gateway.ledger.paidJobs.map(({ jobId }) => jobId));
      const asked = gateway.ledger.statusRequests.map(({ jobId }) => jobId);
      expect([...new Set(asked)].filter((jobId) => !given.has(jobId))).toEqual([]);
    }
  });

  test('no other origin receives a POST or the API key', () => {
    for (const { gateway } of play.harnesses) {
      const seen = gateway.ledger.mediaRequests;
      expect(seen.filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(seen.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
    }
  });
});

test('a job that was reported as failed by mistake is delivered by adopting it', async () => {
  const row = faultTable.find(({ scenario }) => scenario === 'poll-false-failure');
  const { harness, request, videoId } = await play.running(row ?? expect.fail('no such row'));
  const { jobId = '' } = await harness.client.status(videoId);
  await harness.client.adopt({ format: request.format, jobId }, { videoId });
  const outcome = await harness.client.wait(videoId, { timeoutMs: 60_000 });
  expect(outcome).toMatchObject({ outcome: 'stored', result: { jobId } });
});
