import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { recordHistory } from './history.ts';
import { numbered, writeManifest } from './manifest.ts';
import { onetakeJson } from './onetake.ts';
import { chooseScenario, setStage, until, type Stage } from './stage.ts';

interface Answer {
  results?: BatchRowResult[];
  error?: { problems: { line: number; message: string }[] };
}

/** A history of the batch, and of its first partition. */
async function recordBatch(stage: Stage, name: string): Promise<void> {
  const batch = stage.temporal.workflow.getHandle(`batch/${name}`);
  const { runId } = await batch.describe();
  await recordHistory(stage, `batch/${name}`, `batch-${name}`);
  await recordHistory(stage, `batch/${name}/${runId}/part-1`, `batch-${name}-partition`);
}

describe('onetake batch', () => {
  test('reports all errors of a manifest at once, and submits nothing', async () => {
    await using stage = await setStage();
    const path = join(stage.folder, 'bad.csv');
    const lines = ['key,model,prompt,colour', 'a,kling-v1,a cat,red', 'a,,a dog,', 'b,kling-v1,,'];
    await writeFile(path, lines.join('\n'));
    const run = ['batch', 'run', path, '--yes'];
    const { code, json, stderr } = await onetakeJson<Answer>(stage, run);
    expect(code).toBe(2);
    expect(json.error?.problems.length).toBeGreaterThan(2);
    expect(stderr).toContain('bad.csv:3');
    expect(stage.gateway.ledger.posts).toHaveLength(0);
  });

  test('without a terminal and without --yes starts nothing: it asks before it pays', async () => {
    await using stage = await setStage();
    const manifest = await writeManifest(stage, 'unasked', numbered(3));
    const { code, stderr } = await onetakeJson(stage, ['batch', 'run', manifest]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(stderr).toMatch(/to pay\s+3 videos, 15 s/);
    expect(await stage.client.batches.list()).toEqual([]);
  });

  test('pauses, resumes and cancels, and reports the outcome of each row', async () => {
    // On a busy machine the command that pauses needs seconds: the jobs must outlast it.
    await using stage = await setStage({ speed: 8 });
    await stage.startWorker();
    const manifest = await writeManifest(stage, 'stopped', numbered(6));
    await onetakeJson(stage, ['batch', 'run', manifest, '--yes', '--window', '2', '--detach']);
    await until('two jobs', () => stage.gateway.ledger.paidJobs.length === 2);
    expect((await onetakeJson(stage, ['batch', 'pause', 'stopped'])).code).toBe(0);
    await until('the two to be stored', async () => {
      const { counts } = await stage.client.batches.status('stopped');
      return counts?.stored === 2;
    });
    expect(stage.gateway.ledger.paidJobs).toHaveLength(2);
    expect((await onetakeJson(stage, ['batch', 'resume', 'stopped'])).code).toBe(0);
    await until('two more jobs', () => stage.gateway.ledger.paidJobs.length === 4);
    expect((await onetakeJson(stage, ['batch', 'cancel', 'stopped'])).code).toBe(0);
    const watched = await onetakeJson(stage, ['batch', 'watch', 'stopped']);
    expect(watched).toMatchObject({ code: 4, json: { outcome: 'cancelled' } });
    const { json } = await onetakeJson<Answer>(stage, ['batch', 'results', 'stopped']);
    const cancelled = json.results?.filter(({ state }) => state === 'cancelled') ?? [];
    expect(cancelled).toHaveLength(2);
    for (const row of cancelled) expect(row).toMatchObject({ billed: 'yes', jobId: /task_/ });
    expect(stage.gateway.ledger.paidJobs).toHaveLength(4);
  });

  test('that is cancelled leaves a video to a waiter who joined it, and stops the others', async () => {
    await using stage = await setStage({ speed: 10 });
    await stage.startWorker();
    const manifest = await writeManifest(stage, 'left', numbered(2));
    const started = await onetakeJson(stage, ['batch', 'run', manifest, '--yes', '--detach']);
    expect(started).toMatchObject({ code: 0, json: { outcome: 'started' } });
    await until('two jobs', () => stage.gateway.ledger.paidJobs.length === 2);
    // The gateway knows a job before its run does: cancelled in between, a row is rightly "maybe" billed.
    for (const row of ['row-1', 'row-2']) {
      await until('its job', async () => (await stage.client.status(`left/${row}`)).jobId);
    }
    const request: VideoRequest = {
      format: 'videos',
      body: { model: 'kling-v1', prompt: 'scene 1', duration: 5 },
    };
    const joined = await stage.client.start(request, { key: 'left/row-1', waiterId: 'anna' });
    expect(joined.outcome).toBe('joined');
    await stage.client.batches.cancel('left');
    expect(await stage.client.batches.wait('left')).toMatchObject({ outcome: 'cancelled' });
    const { json } = await onetakeJson<Answer>(stage, ['batch', 'results', 'left']);
    expect(json.results).toMatchObject([
      { key: 'row-1', state: 'cancelled', billed: 'yes', jobId: expect.any(String) as string },
      { key: 'row-2', state: 'cancelled', billed: 'yes', jobId: expect.any(String) as string },
    ]);
    expect(await stage.client.wait(joined.videoId)).toMatchObject({ outcome: 'stored' });
    expect(await stage.client.wait('video/left/row-2')).toMatchObject({ outcome: 'cancelled' });
    expect(stage.gateway.ledger.posts).toHaveLength(2);
    await recordBatch(stage, 'left');
  });

  test('cancel --keep starts no more rows, and stores the paid videos', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const manifest = await writeManifest(stage, 'kept', numbered(6));
    await onetakeJson(stage, ['batch', 'run', manifest, '--yes', '--window', '2', '--detach']);
    await until('a job', () => stage.gateway.ledger.paidJobs.length > 0);
    expect((await onetakeJson(stage, ['batch', 'cancel', 'kept', '--keep'])).code).toBe(0);
    const watched = await onetakeJson(stage, ['batch', 'watch', 'kept']);
    const paid = stage.gateway.ledger.paidJobs.length;
    expect(paid).toBeLessThan(6);
    expect(watched).toMatchObject({ code: 1, json: { counts: { stored: paid } } });
    await recordBatch(stage, 'kept');
  });

  test('retry restarts the rows that cost nothing, and lists the rows that it does not restart', async () => {
    await using stage = await setStage({ scenario: 'submit-403-quota' });
    await stage.startWorker();
    const manifest = await writeManifest(stage, 'poor', numbered(2));
    const first = await onetakeJson(stage, ['batch', 'run', manifest, '--yes']);
    expect(first).toMatchObject({ code: 1, json: { counts: { failed: 2 } } });
    await chooseScenario(stage, 'poll-envelope');
    expect((await onetakeJson(stage, ['batch', 'retry', 'poor'])).code).toBe(0);
    const watched = await onetakeJson(stage, ['batch', 'watch', 'poor']);
    expect(watched).toMatchObject({ code: 0, json: { counts: { stored: 2 } } });
    expect(stage.gateway.ledger.paidJobs).toHaveLength(2);
    await recordBatch(stage, 'poor');
  });

  test('with a corrected file makes the rows that cost nothing; a row that was paid stays as it is', async () => {
    await using stage = await setStage();
    await stage.startWorker();
    const prompts = ['first', '[sandbox: submit-400-code] refused', 'third'];
    const run = async () => {
      const manifest = await writeManifest(stage, 'corrected', prompts);
      return onetakeJson(stage, ['batch', 'run', manifest, '--yes']);
    };
    expect(await run()).toMatchObject({ code: 1, json: { counts: { stored: 2, failed: 1 } } });
    prompts.splice(1, 2, 'corrected', 'another third');
    const second = await run();
    expect(second.stderr).toContain('line 4, "row-3"');
    expect(second).toMatchObject({ code: 1, json: { counts: { stored: 2, failed: 1 } } });
    const { json } = await onetakeJson<Answer>(stage, ['batch', 'results', 'corrected']);
    expect(json.results).toMatchObject([
      { state: 'stored', origin: 'cached' },
      { state: 'stored', origin: 'started' },
      { state: 'failed', failure: { kind: 'key_conflict', billed: 'no' } },
    ]);
    expect(stage.gateway.ledger.paidJobs).toHaveLength(3);
  });
});
