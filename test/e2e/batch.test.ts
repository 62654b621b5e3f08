import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { recordHistory } from './history.ts';
import { numbered, writeManifest } from './manifest.ts';
import { onetakeJson } from './onetake.ts';
import { chooseScenario, createHarness, until, type Harness } from './harness.ts';

interface Answer {
  results?: BatchRowResult[];
  error?: { problems: { line: number; message: string }[] };
}

/** A history of the batch, and of its first partition. */
async function recordBatch(harness: Harness, name: string): Promise<void> {
  const batch = harness.temporal.workflow.getHandle(`batch/${name}`);
  const { runId } = await batch.describe();
  await recordHistory(harness, `batch/${name}`, `batch-${name}`);
  await recordHistory(harness, `batch/${name}/${runId}/part-1`, `batch-${name}-partition`);
}

describe('onetake batch', () => {
  test('reports all errors of a manifest at once, and submits nothing', async () => {
    await using harness = await createHarness();
    const path = join(harness.folder, 'bad.csv');
    const lines = ['key,model,prompt,colour', 'a,kling-v1,a cat,red', 'a,,a dog,', 'b,kling-v1,,'];
    await writeFile(path, lines.join('\n'));
    const run = ['batch', 'run', path, '--yes'];
    const { code, json, stderr } = await onetakeJson<Answer>(harness, run);
    expect(code).toBe(2);
    expect(json.error?.problems.length).toBeGreaterThan(2);
    expect(stderr).toContain('bad.csv:3');
    expect(harness.gateway.ledger.posts).toHaveLength(0);
  });

  test('without a terminal and without --yes starts nothing: it asks before it pays', async () => {
    await using harness = await createHarness();
    const manifest = await writeManifest(harness, 'unasked', numbered(3));
    const { code, stderr } = await onetakeJson(harness, ['batch', 'run', manifest]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(stderr).toMatch(/to pay\s+3 videos, 15 s/);
    expect(await harness.client.batches.list()).toEqual([]);
  });

  test('pauses, resumes and cancels, and reports the outcome of each row', async () => {
    // On a busy machine the command that pauses needs seconds: the jobs must outlast it.
    await using harness = await createHarness({ speed: 8 });
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'stopped', numbered(6));
    await onetakeJson(harness, ['batch', 'run', manifest, '--yes', '--window', '2', '--detach']);
    await until('two jobs', () => harness.gateway.ledger.paidJobs.length === 2);
    expect((await onetakeJson(harness, ['batch', 'pause', 'stopped'])).code).toBe(0);
    await until('the two to be stored', async () => {
      const { counts } = await harness.client.batches.status('stopped');
      return counts?.stored === 2;
    });
    expect(harness.gateway.ledger.paidJobs).toHaveLength(2);
    const paused = await harness.client.batches.status('stopped');
    expect(paused).toMatchObject({ phase: 'paused', endUnknown: 'paused' });
    expect((await onetakeJson(harness, ['batch', 'resume', 'stopped'])).code).toBe(0);
    await until('two more jobs', () => harness.gateway.ledger.paidJobs.length === 4);
    expect((await onetakeJson(harness, ['batch', 'cancel', 'stopped'])).code).toBe(0);
    const watched = await onetakeJson(harness, ['batch', 'watch', 'stopped']);
    expect(watched).toMatchObject({ code: 4, json: { outcome: 'cancelled' } });
    const { json } = await onetakeJson<Answer>(harness, ['batch', 'results', 'stopped']);
    const cancelled = json.results?.filter(({ state }) => state === 'cancelled') ?? [];
    expect(cancelled).toHaveLength(2);
    for (const row of cancelled) expect(row).toMatchObject({ billed: 'yes', jobId: /task_/ });
    expect(harness.gateway.ledger.paidJobs).toHaveLength(4);
  });

  test('that is cancelled leaves a video to a waiter who joined it, and stops the others', async () => {
    await using harness = await createHarness({ speed: 10 });
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'left', numbered(2));
    const started = await onetakeJson(harness, ['batch', 'run', manifest, '--yes', '--detach']);
    expect(started).toMatchObject({ code: 0, json: { outcome: 'started' } });
    await until('two jobs', () => harness.gateway.ledger.paidJobs.length === 2);
    // The gateway knows a job before its run does: cancelled in between, a row is rightly "maybe" billed.
    for (const row of ['row-1', 'row-2']) {
      await until('its job', async () => (await harness.client.status(`left/${row}`)).jobId);
    }
    const request: VideoRequest = {
      format: 'videos',
      body: { model: 'kling-v1', prompt: 'scene 1', duration: 5 },
    };
    const joined = await harness.client.start(request, { key: 'left/row-1', waiterId: 'anna' });
    expect(joined.outcome).toBe('joined');
    await harness.client.batches.cancel('left');
    expect(await harness.client.batches.wait('left')).toMatchObject({ outcome: 'cancelled' });
    const { json } = await onetakeJson<Answer>(harness, ['batch', 'results', 'left']);
    expect(json.results).toMatchObject([
      { key: 'row-1', state: 'cancelled', billed: 'yes', jobId: expect.any(String) as string },
      { key: 'row-2', state: 'cancelled', billed: 'yes', jobId: expect.any(String) as string },
    ]);
    expect(await harness.client.wait(joined.videoId)).toMatchObject({ outcome: 'stored' });
    expect(await harness.client.wait('video/left/row-2')).toMatchObject({ outcome: 'cancelled' });
    expect(harness.gateway.ledger.posts).toHaveLength(2);
    await recordBatch(harness, 'left');
  });

  test('cancel --keep starts no more rows, and stores the paid videos', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'kept', numbered(6));
    await onetakeJson(harness, ['batch', 'run', manifest, '--yes', '--window', '2', '--detach']);
    await until('a job', () => harness.gateway.ledger.paidJobs.length > 0);
    expect((await onetakeJson(harness, ['batch', 'cancel', 'kept', '--keep'])).code).toBe(0);
    const watched = await onetakeJson(harness, ['batch', 'watch', 'kept']);
    const paid = harness.gateway.ledger.paidJobs.length;
    expect(paid).toBeLessThan(6);
    expect(watched).toMatchObject({ code: 1, json: { counts: { stored: paid } } });
    await recordBatch(harness, 'kept');
  });

  test('retry restarts the rows that cost nothing, and lists the rows that it does not restart', async () => {
    await using harness = await createHarness({ scenario: 'submit-403-quota' });
    await harness.startWorker();
    const manifest = await writeManifest(harness, 'poor', numbered(2));
    const first = await onetakeJson(harness, ['batch', 'run', manifest, '--yes']);
    expect(first).toMatchObject({ code: 1, json: { counts: { failed: 2 } } });
    await chooseScenario(harness, 'poll-envelope');
    expect((await onetakeJson(harness, ['batch', 'retry', 'poor'])).code).toBe(0);
    const watched = await onetakeJson(harness, ['batch', 'watch', 'poor']);
    expect(watched).toMatchObject({ code: 0, json: { counts: { stored: 2 } } });
    expect(harness.gateway.ledger.paidJobs).toHaveLength(2);
    await recordBatch(harness, 'poor');
  });

  test('with a corrected file makes the rows that cost nothing; a row that was paid stays as it is', async () => {
    await using harness = await createHarness();
    await harness.startWorker();
    const prompts = ['first', '[sandbox: submit-400-code] refused', 'third'];
    const run = async () => {
      const manifest = await writeManifest(harness, 'corrected', prompts);
      return onetakeJson(harness, ['batch', 'run', manifest, '--yes']);
    };
    expect(await run()).toMatchObject({ code: 1, json: { counts: { stored: 2, failed: 1 } } });
    prompts.splice(1, 2, 'corrected', 'another third');
    const second = await run();
    expect(second.stderr).toContain('line 4, "row-3"');
    expect(second).toMatchObject({ code: 1, json: { counts: { stored: 2, failed: 1 } } });
    const { json } = await onetakeJson<Answer>(harness, ['batch', 'results', 'corrected']);
    expect(json.results).toMatchObject([
      { state: 'stored', origin: 'cached' },
      { state: 'stored', origin: 'started' },
      { state: 'failed', failure: { kind: 'key_conflict', billed: 'no' } },
    ]);
    expect(harness.gateway.ledger.paidJobs).toHaveLength(3);
  });
});
