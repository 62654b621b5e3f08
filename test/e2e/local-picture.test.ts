import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onetakeJson } from './onetake.ts';
import { createHarness } from './harness.ts';

test('a local picture reaches a model that accepts only https URLs through an upload', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-picture-'));
  try {
    await using harness = await createHarness({ generation: 'plugins', speed: 100 });
    await harness.startWorker();
    const file = join(folder, 'cat.png');
    await writeFile(
      file,
      Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]),
    );
    const flags = ['--model', 'grok-imagine-video-1.5', '--duration', '5', '--ratio', '1:1'];

    const { code } = await onetakeJson(harness, ['generate', ...flags, '--first-frame', file]);

    const { uploads, posts } = harness.gateway.ledger;
    expect({ code, uploads: uploads.length }).toEqual({ code: 0, uploads: 1 });
    expect(posts.map(({ body }) => body)).toEqual([
      { model: 'grok-imagine-video-1.5', duration: 5, ratio: '1:1', image: uploads[0]?.url },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
