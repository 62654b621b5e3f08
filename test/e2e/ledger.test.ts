import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerCheckId } from '../../src/contract/ledger-check.ts';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { onetake, onetakeJson, type Where } from './onetake.ts';
import { playing } from './requests.ts';
import { createHarness, speed, until, type Harness } from './harness.ts';

/** Long enough ago for a check to include it. */
const agoMs = 2 * 3_600_000;

let harness: Harness;
/** A gateway whose clock is behind, so that jobs accepted now look as if they were submitted long ago. */
let gateway: SandboxGateway;
/** The harness, with that gateway. */
let here: Where;
beforeAll(async () => {
  harness = await createHarness();
  const now = () => Date.now() - agoMs;
  gateway = await startSandboxGateway({ speed, now, apiKey: `sk-canary-${randomUUID()}` });
  const env = {
    ...harness.env,
    GATEWAY_BASE_URL: gateway.url,
    GATEWAY_API_KEY: gateway.apiKey,
    GATEWAY_TRUSTED_ORIGINS: gateway.mediaUrl,
    GATEWAY_ACCESS_TOKEN: gateway.accessToken,
    GATEWAY_USER_ID: '1',
    GATEWAY_MAX_JOBS: '4',
  };
  here = { folder: harness.folder, env };
});
afterAll(async () => {
  await harness?.[Symbol.asyncDispose]();
  await gateway?.stop();
});

async function startTagged(name: string, tags: string[], scenario = 'dl-ok'): Promise<string> {
  const { workflowId } = await harness.temporal.workflow.start(workflowTypes.generate, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${name}`,
    args: [{ request: playing(scenario), tags }],
  });
  return workflowId;
}

/** Makes a submit look as old as its gateway reports. */
async function age(videoId: string): Promise<void> {
  const path = join(harness.env.STORAGE_URL, claimObjectKey(videoId));
  const claim = JSON.parse(await readFile(path, 'utf8')) as { claimedAt: number };
  await writeFile(path, JSON.stringify({ ...claim, claimedAt: claim.claimedAt - agoMs }));
}

describe('onetake limits', () => {
  test('shows the initial limits while nothing was submitted', async () => {
    const { code, json } = await onetakeJson(here, ['limits']);
    expect({ code, json }).toEqual({ code: 0, json: { begun: false, limits: { jobs: 4 } } });
  });

  test('sets limits before the first submit, applies them, and shows what is counted', async () => {
    await harness.startWorker(here.env);
    const set = ['limits', 'set', '--tag', 'drafts', '--videos-per-day', '1', '--jobs', '2'];
    expect((await onetakeJson(here, set)).json).toMatchObject({
      outcome: 'set',
      limits: { jobs: 2, perTag: { drafts: { videos: 1 } } },
    });
    const first = await startTagged('first', ['drafts']);
    expect(await harness.client.wait(first)).toMatchObject({ outcome: 'stored' });
    expect(await harness.client.wait(await startTagged('second', ['drafts']))).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'cap_exceeded', billed: 'no' },
    });
    const { json } = await onetakeJson(here, ['limits']);
    expect(json).toMatchObject({ begun: true, limits: { jobs: 2 }, inFlight: [] });
    const { stdout } = await onetake(here, ['limits']);
    expect(stdout).toContain('0 of 2 taken');
    expect(stdout).toContain('tag "drafts": 1 video, 5 seconds');
    expect(stdout).toContain('videos 1 a day of tag "drafts"');
    expect(stdout).not.toContain(gateway.apiKey);
    expect(gateway.ledger.posts).toHaveLength(1);
  });

  test('refuses an invalid limit, and changes nothing', async () => {
    expect(await onetakeJson(here, ['limits', 'set'])).toMatchObject({ code: 2 });
    expect(await onetakeJson(here, ['limits', 'set', '--jobs', 'many'])).toMatchObject({ code: 2 });
    expect(await onetakeJson(here, ['limits'], { GATEWAY_API_KEY: '' })).toMatchObject({ code: 2 });
    expect((await onetakeJson(here, ['limits'])).json).toMatchObject({ limits: { jobs: 2 } });
  });
});

describe('onetake ledger', () => {
  test('lists each paid job once, with its state, and no job that was refused', async () => {
    const unknown = await startTagged('lost', ['x'], 'submit-drop-after-body');
    await until('the unknown submit', async () => {
      return (await harness.client.status(unknown)).phase === 'unresolved';
    });
    const { code, json } = await onetakeJson(here, ['ledger']);
    expect(code).toBe(0);
    expect(json['entries']).toMatchObject([
      {
        videoId: 'video/first',
        state: 'stored',
        billed: 'yes',
        tags: ['drafts'],
        settled: { seconds: 5 },
      },
      { videoId: 'video/lost', state: 'unresolved', billed: 'maybe', tags: ['x'] },
    ]);
    expect(json['total']).toMatchObject({ jobs: 2, billed: { yes: 1, maybe: 1, no: 0 } });
  });

  test('prints sums and CSV, and from the storage alone whatever the storage can tell', async () => {
    const { json } = await onetakeJson(here, ['ledger', '--by', 'tag']);
    expect(json['totals']).toMatchObject([{ name: 'drafts' }, { name: 'x', jobs: 1 }]);
    const nobody = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const { code, stdout, stderr } = await onetake(here, ['ledger', '--csv'], nobody);
    expect(code).toBe(0);
    expect(stderr).toContain('from the storage alone');
    const rows = parse<Record<string, string>>(stdout, { columns: true });
    expect(rows.map(({ videoId, state, billed }) => [videoId, state, billed])).toEqual([
      ['video/first', 'stored', 'yes'],
      ['video/lost', 'unknown', 'maybe'],
    ]);
  });

  test.each([
    [['--by', 'colour']],
    [['--since', 'yesterday']],
    [['--since', '2026-01-02', '--until', '2026-01-01']],
    [['--every', '1d']],
    [['--check', '--since', '5m']],
    [['--check', '--every', '7d', '--since', '1d']],
  ])('refuses %j', async (flags) => {
    expect(await onetakeJson(here, ['ledger', ...flags])).toMatchObject({ code: 2 });
  });
});

describe('onetake ledger --check', () => {
  test('needs the access token', async () => {
    const checkWith = (GATEWAY_ACCESS_TOKEN: string) =>
      onetakeJson(here, ['ledger', '--check'], { GATEWAY_ACCESS_TOKEN });
    expect(await checkWith('')).toMatchObject({
      code: 2,
      json: { error: { kind: 'configuration' } },
    });
    expect((await checkWith('wrong')).code).toBe(1);
  });

  test('finds no difference for a delivered video, and finds the job of a lost submit', async () => {
    const { code, json } = await onetakeJson(here, ['ledger', '--check']);
    const lost = gateway.ledger.paidJobs.find(({ prompt }) => prompt.includes('drop-after-body'));
    expect({ code, unknownLocally: json['unknownLocally'] }).toMatchObject({
      code: 1,
      unknownLocally: { count: 1, listed: [{ jobId: lost?.jobId }] },
    });
    await harness.client.resolve('video/lost', { action: 'adopt', jobId: lost?.jobId ?? '' });
    await harness.client.wait('video/lost');
    await age('video/first');
    await age('video/lost');
    expect(await onetakeJson(here, ['ledger', '--check'])).toMatchObject({
      code: 0,
      json: { outcome: 'equal', jobsThere: 2, jobsHere: 2, unresolved: { count: 0 } },
    });
  });

  test('names a job of others on the account, also by a schedule, until --stop', async () => {
    const made = await fetch(`${gateway.url}/v1/video/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(playing('dl-ok').body),
    });
    expect(made.status).toBe(200);
    const foreign = gateway.ledger.paidJobs.at(-1)?.jobId;
    const every = ['ledger', '--check', '--every', '1d'];
    expect((await onetakeJson(here, every)).json).toMatchObject({ outcome: 'dry_run' });
    const yes = [...every, '--yes'];
    expect((await onetakeJson(here, yes)).json).toMatchObject({ outcome: 'created' });
    expect((await onetakeJson(here, yes)).json).toMatchObject({ outcome: 'updated' });
    const schedule = harness.temporal.schedule.getHandle(ledgerCheckId);
    await schedule.trigger();
    const checkId = await until('the check', async () => {
      const [action] = (await schedule.describe()).info.recentActions;
      return action?.action.workflow.workflowId;
    });
    expect(await harness.temporal.workflow.getHandle(checkId).result()).toMatchObject({
      unknownLocally: { count: 1, listed: [{ jobId: foreign }] },
      missingAtGateway: { count: 0 },
    });
    const stop = ['ledger', '--check', '--stop'];
    expect((await onetakeJson(here, stop)).json).toEqual({ outcome: 'deleted' });
    expect((await onetakeJson(here, stop)).json).toEqual({ outcome: 'not_there' });
  });
});

test('limits reports that no worker answers while none is up', async () => {
  await Promise.all(harness.workers.map((worker) => worker.kill()));
  const unanswered = { code: 5, json: { error: { kind: 'no_answer' } } };
  expect(await onetakeJson(here, ['limits'])).toMatchObject(unanswered);
  expect(await onetakeJson(here, ['limits', 'set', '--jobs', '3'])).toMatchObject(unanswered);
});
