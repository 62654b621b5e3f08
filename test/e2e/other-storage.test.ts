import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playing } from './requests.ts';
import { program } from './onetake.ts';
import { createHarness } from './harness.ts';

test('a worker with a different storage than that of the claims refuses to start, and says why', async () => {
  await using harness = await createHarness();
  await harness.startWorker();
  const { videoId } = await harness.client.start(playing('dl-ok'), { key: 'first' });
  await harness.client.wait(videoId);
  const elsewhere = join(harness.folder, 'another-storage');
  const run = async (command: string, STORAGE_URL: string) => {
    const child = spawn(process.execPath, [program, command], {
      env: { ...process.env, ...harness.env, STORAGE_URL },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    }
    const [code] = await once(child, 'close');
    return { code, printed: printed.join('') };
  };
  const refused = await run('worker', elsewhere);
  expect(refused).toMatchObject({ code: 2, printed: expect.stringContaining('STORAGE_URL') });
  expect((await run('doctor', elsewhere)).printed).toContain('would be paid again');
  expect((await run('doctor', harness.env.STORAGE_URL)).printed).toContain('claims');
}, 120_000);
