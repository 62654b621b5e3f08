import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const minutes = 60_000;

/** The tarball as a user gets it, installed in a project that knows nothing of this repository. */
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'onetake-pack-'));
  await run('npm', ['pack', '--pack-destination', scratch], { cwd: root });
  const [tarball = ''] = (await readdir(scratch)).filter((name) => name.endsWith('.tgz'));
  await writeFile(
    join(scratch, 'package.json'),
    '{ "name": "scratch", "private": true, "type": "module" }',
  );
  await run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], { cwd: scratch });
}, 5 * minutes);
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('the package', () => {
  test('gives its entries, and none of them pulls the worker in', async () => {
    const script = `
      import { createVideoClient } from 'onetake';
      import { failures, taskQueues } from 'onetake/contract';
      import { createStorage } from 'onetake/storage';
      import { createRequire } from 'node:module';
      const worker = createRequire(import.meta.url).resolve('@temporalio/worker');
      const loaded = process.report.getReport().sharedObjects.filter((name) => name.includes('temporalio'));
      console.log(JSON.stringify({ client: typeof createVideoClient, queue: taskQueues.submit,
        kinds: Object.keys(failures).length > 10, storage: typeof createStorage, loaded, worker: worker.length > 0 }));`;
    await writeFile(join(scratch, 'entries.mjs'), script);
    const { stdout } = await run(process.execPath, ['entries.mjs'], { cwd: scratch });
    expect(JSON.parse(stdout)).toEqual({
      client: 'function',
      queue: 'video-submit',
      kinds: true,
      storage: 'function',
      loaded: [],
      worker: true,
    });
  });

  test('has types that a strict project compiles against', async () => {
    const source = `
      import { createVideoClient, type VideoOutcome } from 'onetake';
      import type { VideoRequest, FailureKind } from 'onetake/contract';
      import { createStorage } from 'onetake/storage';
      const request: VideoRequest = { format: 'videos', body: { model: 'm', prompt: 'p', seconds: '4' } };
      export async function make(): Promise<VideoOutcome | FailureKind> {
        const client = await createVideoClient();
        const { videoId } = await client.start(request, { key: 'k' });
        return client.wait(videoId);
      }
      export async function read(videoId: string): Promise<AsyncIterable<Uint8Array>> {
        const storage = await createStorage({ folder: '/srv/videos' });
        const client = await createVideoClient({ storage });
        return (await client.openVideo(videoId)).body;
      }`;
    await writeFile(join(scratch, 'use.ts'), source);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--target',
      'es2023',
    ];
    const { stdout } = await run(process.execPath, [tsc, ...flags, 'use.ts'], { cwd: scratch });
    expect(stdout).toBe('');
  });

  test('has a command that runs', async () => {
    const onetake = join(scratch, 'node_modules/.bin/onetake');
    const { stdout } = await run(onetake, ['sandbox', '--list'], { cwd: scratch });
    expect(stdout).toContain('submit-drop-after-body');
  });
});
