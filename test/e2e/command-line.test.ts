import { readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readableHistory } from './history.ts';
import { onetakeJson } from './onetake.ts';
import { createHarness, type Harness } from './harness.ts';

/** The smallest PNG: one transparent pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let harness: Harness;
beforeAll(async () => {
  // Nothing is done to a job under way here: it may take a second.
  harness = await createHarness({ speed: 100 });
  await harness.startWorker();
});
afterAll(() => harness?.[Symbol.asyncDispose]());

interface Answer {
  outcome: string;
  videoId: string;
  result?: { video: { sha256: string } };
}

describe('the command line', () => {
  test('makes a video from a local image, whose bytes reach the gateway but no history', async () => {
    const image = join(harness.folder, 'cat.png');
    const output = join(harness.folder, 'cat.mp4');
    await writeFile(image, png);
    const flags = ['--model', 'kling-v2-master', '--format', 'generations', '--duration', '5'];
    const generate = ['generate', 'the cat wakes up', ...flags, '--image', image, '-o', output];
    const ended = await onetakeJson<Answer>(harness, generate);
    expect(ended).toMatchObject({ code: 0, json: { outcome: 'stored' } });
    expect(ended.stderr).toMatch(/^kling-v2-master: 5 s.*: price not known$/m);
    const [post] = harness.gateway.ledger.posts;
    expect(post?.body).toMatchObject({ image: png.toString('base64') });
    expect(await readableHistory(harness, ended.json.videoId)).not.toContain(
      png.toString('base64'),
    );
    const digest = createHash('sha256')
      .update(await readFile(output))
      .digest('hex');
    expect(digest).toBe(ended.json.result?.video.sha256);
  });

  test('reports an unknown outcome by exit code 3, and a person resolves it', async () => {
    const prompt = '[sandbox: submit-drop-after-body] a lost cat';
    const flags = ['--model', 'kling-v1', '--key', 'lost'];
    const lost = await onetakeJson(harness, ['generate', prompt, ...flags]);
    expect(lost.code).toBe(3);
    const jobId = harness.gateway.ledger.paidJobs.at(-1)?.jobId ?? '';
    expect((await onetakeJson(harness, ['resolve', 'lost', '--adopt', jobId])).code).toBe(0);
    expect((await onetakeJson(harness, ['watch', 'lost'])).json.outcome).toBe('stored');
  });

  test('doctor passes every check of a healthy setup', async () => {
    expect((await onetakeJson(harness, ['doctor'])).code).toBe(0);
  });
});
