import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { retentionId } from '../../src/contract/retention.ts';
import { createNamespace } from '../support/namespace.ts';
import { onetake, onetakeJson } from './onetake.ts';
import { createHarness, until, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  // Nothing is done to a job under way here: it may take a second.
  harness = await createHarness({ speed: 100 });
  await harness.startWorker();
});
afterAll(() => harness?.[Symbol.asyncDispose]());

/** Makes one video for a key; returns the path of its file and its SHA-256. */
async function makeVideo(key: string, model = 'kling-v1') {
  const request = { format: 'videos', body: { model, prompt: key, duration: 5 } } as const;
  const { videoId } = await harness.client.start(request, { key });
  const outcome = await harness.client.wait(videoId);
  if (outcome.outcome !== 'stored') throw new Error(`"${key}" ended as ${outcome.outcome}`);
  const { uri, sha256 } = outcome.result.video;
  return { path: fileURLToPath(uri), sha256 };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('reading a stored video', () => {
  test('get writes the exact file, overwrites nothing, and can pipe it', async () => {
    const { sha256 } = await makeVideo('cat');
    const copy = join(harness.folder, 'cat.mp4');
    expect(await onetakeJson(harness, ['download', 'cat', '-o', copy])).toMatchObject({
      code: 0,
      json: { outcome: 'copied', copy },
    });
    expect(sha256Of(await readFile(copy))).toBe(sha256);
    expect(await onetakeJson(harness, ['download', 'cat', '-o', copy])).toMatchObject({ code: 2 });
    const piped = await onetake(harness, ['download', 'cat', '-o', '-']);
    expect({ code: piped.code, sha256: sha256Of(piped.bytes) }).toEqual({ code: 0, sha256 });
  });

  test('get finds the file by its recorded address although STORAGE_URL is different', async () => {
    const { sha256 } = await makeVideo('elsewhere');
    const copy = join(harness.folder, 'elsewhere.mp4');
    const other = { STORAGE_URL: join(harness.folder, 'other') };
    expect((await onetakeJson(harness, ['download', 'elsewhere', '-o', copy], other)).code).toBe(0);
    expect(sha256Of(await readFile(copy))).toBe(sha256);
  });

  test('get finds a video that Temporal has forgotten or cannot show by its full id in the storage', async () => {
    const { path, sha256 } = await makeVideo('forgotten');
    const copy = join(harness.folder, 'forgotten.mp4');
    const empty = { TEMPORAL_NAMESPACE: await createNamespace(harness.connection) };
    const get = (env: Record<string, string>) =>
      onetakeJson(harness, ['download', 'forgotten', '-o', copy, '--force'], env);
    expect(await get(empty)).toMatchObject({ code: 0 });
    expect(await get({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).toMatchObject({ code: 0 });
    expect(sha256Of(await readFile(copy))).toBe(sha256);
    await rm(path);
    expect((await get(empty)).json).toMatchObject({ error: { kind: 'file_gone' } });
  });

  test('get leaves no part of a corrupt or removed file, and reports which of the two it is', async () => {
    const { path } = await makeVideo('broken');
    const copy = join(harness.folder, 'broken.mp4');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
    const get = () => onetakeJson(harness, ['download', 'broken', '-o', copy]);
    expect(await get()).toMatchObject({ code: 1, json: { error: { kind: 'damaged' } } });
    const piped = await onetake(harness, ['download', 'broken', '-o', '-']);
    expect(piped.code).toBe(1);
    expect(piped.bytes.length).toBeLessThan(bytes.length);
    await rm(path);
    expect(await get()).toMatchObject({ code: 1, json: { error: { kind: 'file_gone' } } });
    expect((await readdir(harness.folder)).filter((name) => name.includes('broken'))).toEqual([]);
    expect(await onetakeJson(harness, ['get', 'nobody', '-o', copy])).toMatchObject({
      code: 2,
      json: { error: { kind: 'not_found' } },
    });
  });

  test('open passes the file to the default program of the system, or prints its address', async () => {
    const { path } = await makeVideo('play');
    const programs = join(harness.folder, 'programs');
    const told = join(harness.folder, 'told');
    await mkdir(programs);
    expect(await onetakeJson(harness, ['play', 'play'], { PATH: programs })).toMatchObject({
      code: 0,
      json: { outcome: 'no_opener', path },
    });
    const opener = join(programs, process.platform === 'darwin' ? 'open' : 'xdg-open');
    await writeFile(opener, `#!/bin/sh\necho "$1" > "${told}"\n`);
    await chmod(opener, 0o755);
    expect((await onetakeJson(harness, ['play', 'play'], { PATH: programs })).json).toMatchObject({
      outcome: 'opened',
      path,
    });
    const read = () => readFile(told, 'utf8').catch(() => null);
    expect(await until('the program', read)).toBe(`${path}\n`);
  });
});

describe('onetake storage', () => {
  test('shows what is stored, and refuses unknown ids', async () => {
    await makeVideo('counted', 'kling-v2-master');
    const { code, json } = await onetakeJson(harness, ['storage']);
    expect(code).toBe(0);
    expect(json).toMatchObject({ space: { nearlyFull: expect.any(Boolean) as boolean } });
    expect(json['byModel']).toContainEqual(
      expect.objectContaining({ model: 'kling-v2-master', count: 1 }),
    );
    expect((await onetake(harness, ['storage'])).stdout).toMatch(/videos .*MB|kB/);
    expect(await onetakeJson(harness, ['storage', 'polish'])).toMatchObject({ code: 2 });
  });

  test('sweep removes only files that no download will resume', async () => {
    const unfinished = join(harness.env.STORAGE_URL, '.unfinished');
    const [abandoned, written] = [randomUUID(), randomUUID()].map((name) =>
      join(unfinished, `${name}.videos%2Fx.mp4`),
    );
    await mkdir(unfinished, { recursive: true });
    await writeFile(abandoned ?? '', 'old');
    await writeFile(written ?? '', 'new');
    const twoDaysAgo = new Date(Date.now() - 48 * 3_600_000);
    await utimes(abandoned ?? '', twoDaysAgo, twoDaysAgo);
    expect((await onetakeJson(harness, ['storage'])).json).toMatchObject({
      temporary: { count: 2 },
    });
    const cleaned = await onetakeJson(harness, ['storage', 'clean']);
    expect(cleaned.json).toEqual({ outcome: 'cleaned', removed: { count: 1, sizeBytes: 3 } });
    await utimes(written ?? '', twoDaysAgo, twoDaysAgo);
    await harness.startWorker();
    await until('the sweep of a new worker', async () => (await readdir(unfinished)).length === 0);
  });

  test('prune lists first, and removes only with --yes; the key is not paid for again', async () => {
    const { path } = await makeVideo('retained', 'vidu2.0');
    await age(path);
    const prune = ['storage', 'prune', '--older-than', '30d', '--model', 'vidu2.0'];
    expect((await onetakeJson(harness, prune)).json).toMatchObject({
      outcome: 'dry_run',
      count: 1,
    });
    expect(await readFile(path)).not.toHaveLength(0);
    expect((await onetakeJson(harness, [...prune, '--yes'])).json).toMatchObject({
      outcome: 'removed',
      removed: { count: 1 },
    });
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    const paid = harness.gateway.ledger.paidJobs.length;
    const request = {
      format: 'videos',
      body: { model: 'vidu2.0', prompt: 'retained', duration: 5 },
    };
    const again = await harness.client.start(request as never, { key: 'retained' });
    expect(again.outcome).toBe('cached');
    expect(harness.gateway.ledger.paidJobs).toHaveLength(paid);
  });

  test('prune --every creates one schedule that workers run, until --stop', async () => {
    const { path } = await makeVideo('scheduled', 'sora-2');
    await age(path);
    const prune = ['storage', 'prune', '--older-than', '30d', '--every', '1d'];
    expect((await onetakeJson(harness, prune)).json).toMatchObject({ outcome: 'dry_run' });
    const yes = [...prune, '--yes'];
    expect((await onetakeJson(harness, yes)).json).toMatchObject({ outcome: 'created' });
    expect((await onetakeJson(harness, yes)).json).toMatchObject({ outcome: 'updated' });
    await harness.temporal.schedule.getHandle(retentionId).trigger();
    const isGone = () =>
      readFile(path).then(
        () => false,
        () => true,
      );
    await until('the retention', isGone);
    const stop = ['storage', 'prune', '--stop'];
    expect((await onetakeJson(harness, stop)).json).toEqual({ outcome: 'deleted' });
    expect((await onetakeJson(harness, stop)).json).toEqual({ outcome: 'not_there' });
    expect(await onetakeJson(harness, ['storage', 'prune'])).toMatchObject({ code: 2 });
  });
});

/** Makes a video look as if it had been stored long ago. */
async function age(path: string): Promise<void> {
  const sidecar = path.replace(/\.mp4$/, '.json');
  const known = JSON.parse(await readFile(sidecar, 'utf8')) as object;
  await writeFile(sidecar, JSON.stringify({ ...known, storedAt: '2020-01-01T00:00:00Z' }));
}
