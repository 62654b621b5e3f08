import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkTarget, chooseTarget, copyVideo } from '../../src/cli/video/copy-video.ts';
import { openHere } from '../../src/cli/video/open-here.ts';
import type { StoredVideo } from '../../src/contract/stored-video.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';

const bytes = Buffer.from('a whole video');
const key = 'videos/cat.mp4';
let root: string;
let video: StoredVideo;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'onetake-copy-'));
  const path = join(root, 'storage', key);
  await mkdir(dirname(path), { recursive: true });
  await mkdir(join(root, 'out'));
  await writeFile(path, bytes);
  video = {
    key,
    uri: pathToFileURL(path).href,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    contentType: 'video/mp4',
    durationSeconds: 5,
    width: 1280,
    height: 720,
    hasAudio: false,
    warnings: [],
  };
});

afterEach(() => rm(root, { recursive: true, force: true }));

const target = (force = false) => ({ path: join(root, 'out', 'cat.mp4'), force });
const storage = (folder = 'storage') => createFileStorage({ folder: join(root, folder) });
const copy = (from: StoredVideo, force = false, folder = 'storage') =>
  copyVideo(from, { target: target(force), storage: storage(folder) });

test('copyVideo() makes a whole copy and leaves nothing else', async () => {
  const path = await copy(video);
  expect(await readFile(path)).toEqual(bytes);
  expect(await readdir(join(root, 'out'))).toEqual(['cat.mp4']);
});

test('copyVideo() reads from the configured storage, whatever address the worker gave', async () => {
  const path = await copy({ ...video, uri: 's3://bucket/videos/cat.mp4' });
  expect(await readFile(path)).toEqual(bytes);
});

test('copyVideo() takes a readable address where the configured storage is another one', async () => {
  const path = await copy(video, false, 'elsewhere');
  expect(await readFile(path)).toEqual(bytes);
});

test('openHere() says where the file is on this machine, and of no other', async () => {
  const path = join(root, 'storage', key);
  expect(await openHere(video, storage())).toMatchObject({ path });
  expect(await openHere(video, storage('elsewhere'))).toMatchObject({ path });
  const bucket = { ...storage(), uriOf: () => `s3://bucket/${key}` };
  expect(await openHere(video, bucket)).not.toHaveProperty('path');
});

test('copyVideo() leaves nothing when the bytes are not the stored ones', async () => {
  await expect(copy({ ...video, sha256: '0'.repeat(64) })).rejects.toThrow(
    /has changed since it was stored.*sha256/,
  );
  expect(await readdir(join(root, 'out'))).toEqual([]);
});

test('copyVideo() never replaces a file that came meanwhile, unless forced', async () => {
  await writeFile(target().path, 'mine');
  await expect(copy(video)).rejects.toThrow(/--force/);
  expect(await readFile(target().path, 'utf8')).toBe('mine');
  await copy(video, true);
  expect(await readFile(target().path)).toEqual(bytes);
});

test('copyVideo() says where the video is when it cannot be read here', async () => {
  const elsewhere = { ...video, uri: 's3://bucket/cat.mp4', key: 'videos/other.mp4' };
  await expect(copy(elsewhere)).rejects.toThrow('"s3://bucket/cat.mp4"');
});

test('a copy without a name is called by key or prompt, and one with a name as it says', async () => {
  expect(await chooseTarget({ output: true }, '夏日/海滩 一号')).toEqual({
    path: '夏日-海滩-一号.mp4',
    named: true,
    force: false,
  });
  const { path } = target();
  expect(await chooseTarget({ output: path }, 'other')).toEqual({ path, force: false });
});

test('a copy that was not named ends like the stored file', async () => {
  const stored = { ...video, key: 'videos/cat.webm' };
  await writeFile(join(root, 'storage', stored.key), bytes);
  const path = join(root, 'out', 'cat.mp4');
  const copied = await copyVideo(stored, {
    target: { path, force: false, named: true },
    storage: storage(),
  });
  expect(copied).toBe(join(root, 'out', 'cat.webm'));
});

test('checkTarget() refuses before anything is paid', async () => {
  await writeFile(target().path, 'mine');
  await expect(checkTarget(target())).rejects.toThrow(/it exists.*--force/);
  await expect(checkTarget({ path: root, force: true })).rejects.toThrow(/folder/);
  await expect(checkTarget({ path: join(root, 'no', 'a.mp4'), force: false })).rejects.toThrow(/"/);
  await expect(checkTarget(target(true))).resolves.toBeUndefined();
});

/** What may lie where `-o` points, and must still lie there afterwards. */
const others: [string, (path: string) => unknown][] = [
  ['folder', (path) => mkdir(path)],
  ['symbolic link', (path) => symlink(join(root, 'storage', key), path)],
  ['symbolic link', (path) => symlink(join(root, 'nowhere'), path)],
  ['pipe', (path) => execFileSync('mkfifo', [path])],
];

test.each(others)('-o never replaces a %s, not even by force', async (name, make) => {
  const { path } = target();
  await make(path);
  const before = await lstat(path);
  for (const force of [false, true]) {
    const refusal = new RegExp(`Cannot write ".*": it is .*${name}`);
    await expect(checkTarget(target(force))).rejects.toThrow(refusal);
    await expect(copy(video, force)).rejects.toThrow(refusal);
  }
  expect(await lstat(path)).toMatchObject({ ino: before.ino, mode: before.mode });
  expect(await readdir(join(root, 'out'))).toEqual(['cat.mp4']);
  expect(await readFile(join(root, 'storage', key))).toEqual(bytes);
});

test.each(['/dev/null', '/dev/stdout/', '/dev/full'])(
  '-o %s is refused before anything is paid',
  async (path) => {
    await expect(checkTarget({ path, force: true })).rejects.toThrow(/Cannot write "/);
  },
);

test('a name fits into -o where the file system takes it, and else is refused before anything is paid', async () => {
  const longest = { path: join(root, 'out', `${'n'.repeat(251)}.mp4`), force: false };
  await checkTarget(longest);
  await copyVideo(video, { target: longest, storage: storage() });
  expect(await readFile(longest.path)).toEqual(bytes);
  const longer = { path: join(root, 'out', `${'n'.repeat(252)}.mp4`), force: false };
  await expect(checkTarget(longer)).rejects.toThrow(/Cannot write/);
});

test('checkTarget() leaves nothing, and takes a path that ends in a slash for a folder', async () => {
  await checkTarget(target());
  expect(await readdir(join(root, 'out'))).toEqual([]);
  await expect(checkTarget({ path: `${target().path}/`, force: false })).rejects.toThrow(/folder/);
});
